import { rmSync } from 'node:fs';
import * as client from '@aws-sdk/client-rds';
import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { makeMasterUser } from './master-user.js';
import { instanceView, snapshotView } from './rds-view.js';
import { type DatabaseInstance, notAvailable, rdsState } from './rds-state.js';

/** RDS: each instance is a PostgreSQL server of its own, a snapshot is a copy of its data. */
export const rds: FakeService = { name: 'rds', protocol: 'query', client, operations };

function operations(world: FakeWorld) {
  const state = world.state(rdsState);
  return {
    DescribeDBInstances: ({ DBInstanceIdentifier }: client.DescribeDBInstancesCommandInput) => ({
      DBInstances: (DBInstanceIdentifier === undefined
        ? [...state.instances.values()]
        : [state.instance(DBInstanceIdentifier.split(':db:').at(-1))]
      ).map((instance) => instanceView(world, instance)),
    }),
    CreateDBSnapshot: (input: client.CreateDBSnapshotCommandInput) => {
      const instance = state.instance(input.DBInstanceIdentifier);
      const identifier = (input.DBSnapshotIdentifier ?? '').toLowerCase();
      const tags = tagsOf(input.Tags);
      const taken = state.takeSnapshot(instance, identifier, tags.length === 0 ? {} : { tags });
      // It is there at once, or was refused at once.
      return begun(world, taken, () => ({ DBSnapshot: snapshotView(world, state.snapshot(identifier)) }));
    },
    DescribeDBSnapshots: (input: client.DescribeDBSnapshotsCommandInput) => {
      const { DBSnapshotIdentifier: wanted, DBInstanceIdentifier: of } = input;
      const found = wanted === undefined ? [...state.snapshots.values()] : [state.snapshot(wanted)];
      return {
        DBSnapshots: found
          .filter(({ instanceIdentifier }) => of === undefined || instanceIdentifier === of.toLowerCase())
          .map((snapshot) => snapshotView(world, snapshot)),
      };
    },
    DeleteDBSnapshot: ({ DBSnapshotIdentifier }: client.DeleteDBSnapshotCommandInput) => {
      const snapshot = state.snapshot(DBSnapshotIdentifier);
      state.snapshots.delete(snapshot.identifier);
      rmSync(snapshot.directory, { recursive: true, force: true });
      return { DBSnapshot: { ...snapshotView(world, snapshot), Status: 'deleted' } };
    },
    RestoreDBInstanceFromDBSnapshot: (input: client.RestoreDBInstanceFromDBSnapshotCommandInput) => {
      const snapshot = state.snapshot(input.DBSnapshotIdentifier);
      if (snapshot.status !== 'available') {
        throw new ServiceError('InvalidDBSnapshotState', `DB Snapshot ${snapshot.identifier} is not available.`);
      }
      const identifier = (input.DBInstanceIdentifier ?? '').toLowerCase();
      const restored = state.restore(identifier, snapshot, {
        ...snapshot.settings,
        port: input.Port ?? snapshot.settings.port,
        instanceClass: input.DBInstanceClass ?? snapshot.settings.instanceClass,
        multiAz: input.MultiAZ ?? false,
        deletionProtection: input.DeletionProtection ?? false,
        parameterGroup: input.DBParameterGroupName,
        subnetGroup: input.DBSubnetGroupName ?? snapshot.settings.subnetGroup,
        securityGroups: input.VpcSecurityGroupIds ?? ['sg-default'],
        tags: tagsOf(input.Tags),
      });
      return begun(world, restored, () => ({ DBInstance: instanceView(world, state.instance(identifier)) }));
    },
    ModifyDBInstance: (input: client.ModifyDBInstanceCommandInput) => {
      const instance = state.instance(input.DBInstanceIdentifier);
      if (instance.status !== 'available') throw notAvailable(instance);
      instance.settings = {
        ...instance.settings,
        deletionProtection: input.DeletionProtection ?? instance.settings.deletionProtection,
        instanceClass: input.DBInstanceClass ?? instance.settings.instanceClass,
        allocatedStorage: input.AllocatedStorage ?? instance.settings.allocatedStorage,
        multiAz: input.MultiAZ ?? instance.settings.multiAz,
        backupRetentionPeriod: input.BackupRetentionPeriod ?? instance.settings.backupRetentionPeriod,
        parameterGroup: input.DBParameterGroupName ?? instance.settings.parameterGroup,
        securityGroups: input.VpcSecurityGroupIds ?? instance.settings.securityGroups,
      };
      return begun(world, modify(world, instance, input), () => ({ DBInstance: instanceView(world, instance) }));
    },
    DeleteDBInstance: (input: client.DeleteDBInstanceCommandInput) => {
      const instance = state.instance(input.DBInstanceIdentifier);
      const { SkipFinalSnapshot: isSkipped = false, FinalDBSnapshotIdentifier: final } = input;
      if (instance.settings.deletionProtection) {
        const message = 'Cannot delete protected DB Instance, please disable deletion protection and try again.';
        throw new ServiceError('InvalidParameterCombination', message);
      }
      if (!isSkipped && final === undefined) {
        const message = 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.';
        throw new ServiceError('InvalidParameterCombination', message);
      }
      const work = async (): Promise<void> => {
        if (final !== undefined) await state.takeSnapshot(instance, final.toLowerCase(), { isFinal: true });
        await state.remove(instance);
      };
      return begun(world, work(), () => ({
        DBInstance: { ...instanceView(world, instance), DBInstanceStatus: 'deleting' },
      }));
    },
    ListTagsForResource: ({ ResourceName = '' }: client.ListTagsForResourceCommandInput) => ({
      TagList: [...state.instance(ResourceName.split(':db:').at(-1)).settings.tags],
    }),
    AddTagsToResource: ({ ResourceName = '', Tags = [] }: client.AddTagsToResourceCommandInput) => {
      const instance = state.instances.get(ResourceName.split(':db:').at(-1) ?? '');
      if (instance === undefined) return {};
      const added = tagsOf(Tags);
      const kept = instance.settings.tags.filter(({ Key }) => !added.some((each) => each.Key === Key));
      instance.settings = { ...instance.settings, tags: [...kept, ...added] };
      return {};
    },
  };
}

function tagsOf(tags: readonly client.Tag[] = []) {
  return tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}

/** New name and password: in the background, in this order. */
async function modify(
  world: FakeWorld,
  instance: DatabaseInstance,
  { NewDBInstanceIdentifier: name, MasterUserPassword: password }: client.ModifyDBInstanceCommandInput,
): Promise<void> {
  if (password !== undefined && instance.server !== undefined) {
    instance.status = 'resetting-master-credentials';
    await makeMasterUser(instance.server, instance.settings.masterUsername, password);
    instance.status = 'available';
  }
  if (name !== undefined) await world.state(rdsState).rename(instance, name.toLowerCase());
}

/** Answers once work has begun. What it refuses before it begins is refused to the caller. */
async function begun<T>(world: FakeWorld, work: Promise<unknown>, answer: () => T): Promise<T> {
  const failed = work.then(
    () => undefined,
    (error: unknown) => error,
  );
  const early = await Promise.race([failed, new Promise((resolve) => setImmediate(resolve))]);
  if (early !== undefined) throw early;
  world.background(work.then(() => undefined));
  return answer();
}

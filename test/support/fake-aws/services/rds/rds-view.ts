import type * as client from '@aws-sdk/client-rds';
import type { FakeWorld } from '../../fake-world.js';
import { type DatabaseInstance, type DatabaseSnapshot, rdsState } from './rds-state.js';

export function instanceView(
  world: FakeWorld,
  { identifier, settings, ...instance }: DatabaseInstance,
): client.DBInstance {
  return {
    DBInstanceIdentifier: identifier,
    DBInstanceArn: world.arn('rds', `db:${identifier}`),
    DbiResourceId: instance.resourceId,
    DBInstanceStatus: instance.status,
    DBInstanceClass: settings.instanceClass,
    Engine: 'postgres',
    EngineVersion: settings.engineVersion,
    MasterUsername: settings.masterUsername,
    ...(settings.databaseName === undefined ? {} : { DBName: settings.databaseName }),
    // As in AWS: there is no endpoint until it has been made.
    ...(instance.server === undefined
      ? {}
      : { Endpoint: { Address: world.state(rdsState).addressOf(identifier), Port: settings.port } }),
    AllocatedStorage: settings.allocatedStorage,
    MultiAZ: settings.multiAz,
    StorageEncrypted: settings.kmsKeyId !== undefined,
    ...(settings.kmsKeyId === undefined ? {} : { KmsKeyId: settings.kmsKeyId }),
    DeletionProtection: settings.deletionProtection,
    BackupRetentionPeriod: settings.backupRetentionPeriod,
    InstanceCreateTime: instance.createdAt,
    LatestRestorableTime: new Date(),
    PubliclyAccessible: false,
    DBSubnetGroup: { DBSubnetGroupName: settings.subnetGroup },
    DBParameterGroups: [{ DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: 'in-sync' }],
    VpcSecurityGroups: settings.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    TagList: [...settings.tags],
  };
}

export function snapshotView(world: FakeWorld, { settings, ...snapshot }: DatabaseSnapshot): client.DBSnapshot {
  return {
    DBSnapshotIdentifier: snapshot.identifier,
    DBSnapshotArn: world.arn('rds', `snapshot:${snapshot.identifier}`),
    DBInstanceIdentifier: snapshot.instanceIdentifier,
    Status: snapshot.status,
    SnapshotType: 'manual',
    PercentProgress: snapshot.status === 'available' ? 100 : 0,
    SnapshotCreateTime: snapshot.createdAt,
    Engine: 'postgres',
    EngineVersion: settings.engineVersion,
    MasterUsername: settings.masterUsername,
    Port: settings.port,
    AllocatedStorage: settings.allocatedStorage,
    Encrypted: settings.kmsKeyId !== undefined,
    TagList: [...settings.tags],
  };
}

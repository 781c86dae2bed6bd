import type { CreatedResource, Properties, ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import { makeMasterUser } from '../services/rds/master-user.js';
import { type DatabaseInstance, type DatabaseSettings, rdsState } from '../services/rds/rds-state.js';

/** A real PostgreSQL, at an address and the port that the template says. */
export const dbInstanceType: ResourceType = {
  type: 'AWS::RDS::DBInstance',
  create: async (properties, context) => {
    const { world } = context;
    const state = world.state(rdsState);
    const identifier = String(properties['DBInstanceIdentifier'] ?? context.newName(63)).toLowerCase();
    const snapshot = properties['DBSnapshotIdentifier'] as string | undefined;
    const settings = settingsOf(properties);
    const password = String(properties['MasterUserPassword'] ?? '');
    if (properties['SourceDBInstanceIdentifier'] !== undefined) {
      throw new ServiceError('InvalidParameterValue', 'read replicas are not modelled');
    }
    if (snapshot === undefined && properties['MasterUserPassword'] === undefined) {
      throw new ServiceError(
        'InvalidParameterValue',
        'The parameter MasterUserPassword must be provided and must not be blank.',
      );
    }
    const instance =
      snapshot === undefined
        ? await state.create(identifier, settings, password)
        : await state.restore(identifier, state.snapshot(snapshot), settings);
    return described(instance, state.addressOf(identifier), world.arn('rds', `db:${identifier}`));
  },
  update: async (resource, properties, previous, { world }) => {
    const state = world.state(rdsState);
    const instance = state.instance(resource.physicalId);
    const settings = settingsOf(properties);
    instance.settings = { ...settings, port: instance.settings.port };
    const password = properties['MasterUserPassword'];
    if (typeof password === 'string' && password !== previous['MasterUserPassword'] && instance.server !== undefined) {
      await makeMasterUser(instance.server, settings.masterUsername, password);
    }
    return resource;
  },
  delete: async (resource, _properties, { world }) => {
    const state = world.state(rdsState);
    const instance = state.instances.get(resource.physicalId);
    if (instance === undefined) return;
    if (instance.settings.deletionProtection) {
      const message = 'Cannot delete protected DB Instance, please disable deletion protection and try again.';
      throw new ServiceError('InvalidParameterCombination', message);
    }
    await state.remove(instance);
  },
};

function described(
  { identifier, resourceId, settings }: DatabaseInstance,
  address: string,
  arn: string,
): CreatedResource {
  return {
    physicalId: identifier,
    attributes: {
      'Endpoint.Address': address,
      'Endpoint.Port': String(settings.port),
      DbiResourceId: resourceId,
      DBInstanceArn: arn,
    },
  };
}

function settingsOf(properties: Properties): DatabaseSettings {
  const text = (name: string): string | undefined => properties[name] as string | undefined;
  return {
    port: Number(properties['Port'] ?? 5432),
    engineVersion: text('EngineVersion') ?? '17.9',
    masterUsername: text('MasterUsername') ?? 'postgres',
    databaseName: text('DBName'),
    instanceClass: text('DBInstanceClass') ?? 'db.t4g.medium',
    allocatedStorage: Number(properties['AllocatedStorage'] ?? 20),
    multiAz: String(properties['MultiAZ']) === 'true',
    deletionProtection: String(properties['DeletionProtection']) === 'true',
    backupRetentionPeriod: Number(properties['BackupRetentionPeriod'] ?? 1),
    kmsKeyId: text('KmsKeyId'),
    parameterGroup: text('DBParameterGroupName'),
    subnetGroup: text('DBSubnetGroupName'),
    securityGroups: (properties['VPCSecurityGroups'] ?? []) as readonly string[],
    tags: (properties['Tags'] ?? []) as DatabaseSettings['tags'],
  };
}

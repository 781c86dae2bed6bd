import { Duration, Validations } from 'aws-cdk-lib/core';
import { DatabaseAlarms, PostgresInstance } from '../../../constructs/aws/index.js';
import { serverConnections } from '../../spec/index.js';
import { generatedUser } from '../environment.js';
import { generatedSecretName } from '../naming.js';
import { postgresSize } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The database; undefined when the agent has none, or one that runs elsewhere. */
export function foundationPostgres(parts: FoundationParts): PostgresInstance | undefined {
  const { stack, context, network, key, taskSecurityGroup, topic } = parts;
  const { spec, scope, aws } = context;
  const { postgres } = spec;
  const size = postgresSize(spec);
  if (postgres?.kind !== 'managed' || size === undefined) return undefined;

  const maxConnections = postgres.maxConnections ?? serverConnections[postgres.size];
  const instance = new PostgresInstance(stack, 'Postgres', {
    vpc: network.vpc,
    vpcSubnets: network.dataSubnets,
    encryptionKey: key,
    secretName: generatedSecretName(scope, 'postgres'),
    username: generatedUser,
    databaseName: postgres.database,
    version: postgres.version,
    instanceClass: size.instanceClass,
    allocatedStorageGiB: size.storageGiB,
    maxConnections,
    multiAz: postgres.highAvailability,
    readReplicas: postgres.readReplicas,
    backupRetention: Duration.days(Math.ceil(postgres.backups.retention.seconds / 86_400)),
    extensions: postgres.extensions,
    instanceIdentifier: `${scope.name}-${scope.stage}`,
    deletionProtection: aws.deletionProtection,
  });
  instance.connections.allowDefaultPortFrom(taskSecurityGroup, 'Tasks');
  if (!postgres.highAvailability)
    Validations.of(instance).acknowledge({
      id: 'AwsSolutions-RDS3',
      reason:
        'The config file asks for one server: postgres.highAvailability is false. It is restored from its backups.',
    });
  new DatabaseAlarms(stack, 'PostgresAlarms', {
    topic,
    instanceId: instance.instanceIdentifier,
    maxConnections,
    memoryMiB: instance.memoryMiB ?? smallestMemoryMiB,
    storageGiB: size.storageGiB,
    ...(postgres.readReplicas === 0
      ? {}
      : { replicaIds: instance.readReplicas.map((replica) => replica.instanceIdentifier) }),
  });
  return instance;
}

/** Of an instance class that is not known: alarms then come late rather than never. */
const smallestMemoryMiB = 1024;

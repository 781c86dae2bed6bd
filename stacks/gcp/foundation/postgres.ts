import { DatabaseAlerts, ephemeralValue, PostgresInstance } from '../../../constructs/gcp/index.js';
import { serverConnections } from '../../spec/index.js';
import { generatedUser } from '../environment.js';
import { databaseName, generatedSecretName, postgresPasswordVariable } from '../naming.js';
import { postgresSize } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The database; undefined when the agent has none, or one that runs elsewhere. */
export function foundationPostgres({
  stack,
  context,
  network,
  channels,
}: FoundationParts): PostgresInstance | undefined {
  const { spec, scope, gcp } = context;
  const { postgres } = spec;
  const size = postgresSize(spec);
  if (postgres?.kind !== 'managed' || size === undefined) return undefined;

  const { project, region } = gcp;
  const instanceName = databaseName(scope, context.databaseSuffix);
  const maxConnections = postgres.maxConnections ?? serverConnections[postgres.size];
  const secret = generatedSecretName(scope, 'postgres');
  const instance = new PostgresInstance(stack, 'Postgres', {
    project,
    region,
    network,
    instanceName,
    password: ephemeralValue(stack, {
      name: postgresPasswordVariable,
      description: `What is in version ${context.versionOf(secret)} of the secret ${secret}`,
      version: Number(context.versionOf(secret)),
    }),
    username: generatedUser,
    databaseName: postgres.database,
    version: postgres.version,
    ...size,
    maxConnections,
    highAvailability: postgres.highAvailability,
    readReplicas: postgres.readReplicas,
    extensions: postgres.extensions,
    deletionProtection: context.protect,
  });
  new DatabaseAlerts(stack, 'PostgresAlerts', { project, instanceName, maxConnections, channels });
  return instance;
}

import { instanceMemoryMiB } from '../../../constructs/aws/limits/instance-memory.js';
import { defaultConnections } from '../../../constructs/aws/limits/postgres-connections.js';
import { postgresClass } from '../aws-machines.js';
import { serverConnections } from '../connection-limits.js';
import type { Rule } from './rule.js';

/** The database has the memory for its connections: RDS computes how many that is from the instance class. */
export const awsConnections: Rule = (spec, context) => {
  const { postgres, clouds } = spec;
  const instanceClass = postgresClass(spec);
  if (!context.targets.includes('aws') || postgres?.kind !== 'managed' || instanceClass === undefined) return [];
  const memoryMiB = instanceMemoryMiB(instanceClass);
  const asked = postgres.maxConnections ?? serverConnections[postgres.size];
  const most = memoryMiB === undefined ? undefined : defaultConnections(memoryMiB);
  if (most === undefined || asked <= most) return [];

  const isSaid = postgres.maxConnections !== undefined;
  const message = isSaid
    ? `postgres.maxConnections is ${asked}, and the memory of ${instanceClass} is enough for ${most}`
    : `a database of size ${postgres.size} accepts ${asked} connections, and the memory of ${instanceClass} is enough for ${most}`;
  const isChosen = clouds.aws?.postgres.instanceClass !== undefined;
  const larger = isChosen ? 'a larger clouds.aws.postgres.instanceClass' : 'a larger postgres.size';
  return [
    {
      code: 'connection-budget',
      path: isSaid ? ['postgres', 'maxConnections'] : ['clouds', 'aws', 'postgres', 'instanceClass'],
      at: 'value',
      message,
      found: isSaid ? String(asked) : instanceClass,
      fix: `use at most ${most} (postgres.maxConnections), or ${larger}`,
    },
  ];
};

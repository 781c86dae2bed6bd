import type { AgentSpec } from './schema/agent.js';

/**
 * Instance classes by `size`, with the memory that `serverConnections` of the spec counts on: 4, 8 and 16 GiB.
 * Amazon RDS user guide, "DB instance classes".
 */
const postgresClasses = { small: 'db.t4g.medium', medium: 'db.m7g.large', large: 'db.m7g.xlarge' } as const;

/** Instance types by `size`: 8, 16 and 32 GiB of memory. Amazon OpenSearch Service, "Supported instance types". */
const searchTypes = { small: 'r7g.medium.search', medium: 'r7g.large.search', large: 'r7g.xlarge.search' } as const;

/** The RDS instance class of a managed database; undefined without one. */
export function postgresClass({ postgres, clouds }: Pick<AgentSpec, 'postgres' | 'clouds'>): string | undefined {
  if (postgres?.kind !== 'managed') return undefined;
  return clouds.aws?.postgres.instanceClass ?? postgresClasses[postgres.size];
}

/** The OpenSearch instance type of a managed search cluster; undefined without one. */
export function searchType({ search, clouds }: Pick<AgentSpec, 'search' | 'clouds'>): string | undefined {
  if (search?.kind !== 'managed') return undefined;
  return clouds.aws?.search.instanceType ?? searchTypes[search.size];
}

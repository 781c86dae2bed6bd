import type { AgentSpec } from './schema/agent.js';

/** Whether requests to a search domain on AWS are signed with a role, so that there is no password. */
export function hasSignedSearch({ search, clouds }: Pick<AgentSpec, 'search' | 'clouds'>): boolean {
  return search?.kind === 'managed' && clouds.aws?.search.access === 'signed';
}

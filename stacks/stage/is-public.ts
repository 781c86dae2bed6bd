import type { AgentSpec } from '../spec/index.js';

/** Whether anything answers from outside. */
export function isPublic({ services }: Pick<AgentSpec, 'services'>): boolean {
  return Object.values(services).some(({ routes }) => routes.length > 0);
}

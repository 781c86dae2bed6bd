import type { ComposeContext } from './compose-context.js';

/** Where every version of Compose reads the name of a project from; docker-compose 1.x refuses `name:` in the file. */
export const projectNameVariable = 'COMPOSE_PROJECT_NAME';

/** What the containers, networks and volumes of the project are named after. */
export function projectName({ spec, stage }: Pick<ComposeContext, 'spec' | 'stage'>): string {
  return `${spec.name}-${stage}`;
}

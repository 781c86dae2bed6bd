export { containerCommands } from './container-commands.js';
export type { ContainerConfinement, ContainerLimits, ContainerSpec } from './container-spec.js';
export { startContainer } from './start-container.js';

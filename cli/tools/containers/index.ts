export { containerCommands } from './container-commands.js';
export type { ContainerHardening, ContainerLimits, ContainerSpec } from './container-spec.js';
export { startContainer } from './start-container.js';

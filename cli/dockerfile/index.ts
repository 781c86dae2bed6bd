export type { DockerfileFinding } from './finding.js';
export { lintDockerfile } from './lint-dockerfile.js';
export type { DockerfileBuild } from './read-dockerfile.js';

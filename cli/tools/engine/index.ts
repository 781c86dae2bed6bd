export { type ContainerEngine, type FindEngineOptions, findEngine } from './container-engine.js';
export { engineEnvironment } from './engine-environment.js';
export { engineFailure } from './engine-failure.js';
export { type RunEngineOptions, runEngine } from './run-engine.js';

export { caddyfile } from './caddyfile.js';
export type { ComposeContext } from './compose-context.js';
export { composeProject, type ComposeProject } from './compose-project.js';
export type { ComposeDependency, ComposeService } from './compose-service.js';
export { composeYaml } from './compose-yaml.js';
export { environmentFile, type EnvironmentFile } from './environment-file.js';
export { gatewayName, gatewayRoutes, type GatewayRoute, publishedPort } from './gateway.js';
export { passwordVariables } from './password-variable.js';

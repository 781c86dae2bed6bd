import { passedEnvironment } from '../process/index.js';

/** Where the engine is and how to talk to it, as the engines' own command lines read it. */
const engineNames: ReadonlySet<string> = new Set([
  'DOCKER_API_VERSION',
  'DOCKER_CERT_PATH',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  // which command line to use, see findEngine
  'AGENTCTL_CONTAINER_ENGINE',
  'CONTAINER_CONNECTION',
  'CONTAINER_HOST',
  'CONTAINER_SSHKEY',
  // rootless engines have their socket below it; an engine behind ssh:// needs the agent
  'XDG_RUNTIME_DIR',
  'SSH_AUTH_SOCK',
]);

/** The part of an environment that the command line of a container engine sees: no credential of the shell beyond its own. */
export function engineEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && engineNames.has(entry[0]),
  );
  return { ...passedEnvironment(environment), ...Object.fromEntries(own) };
}

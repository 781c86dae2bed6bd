import { passedEnvironment } from '../process/index.js';

/** How docker, podman and buildah find their daemon, their settings and their storage. */
const builderNames: ReadonlySet<string> = new Set([
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_API_VERSION',
  'CONTAINER_HOST',
  'CONTAINER_CONNECTION',
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINERS_REGISTRIES_CONF',
  'REGISTRY_AUTH_FILE',
  'STORAGE_DRIVER',
  'STORAGE_OPTS',
  'BUILDAH_ISOLATION',
  'BUILDX_BUILDER',
  'BUILDX_CONFIG',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  // a daemon behind ssh://
  'SSH_AUTH_SOCK',
]);

/** Pure: the part of an environment that a container engine may see. Credentials of a cloud are not: see the credential helpers. */
export function builderEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && builderNames.has(name) ? [[name, value] as const] : [],
  );
  return { ...passedEnvironment(environment), ...Object.fromEntries(own) };
}

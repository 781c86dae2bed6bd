/** An image reference, taken apart as docker does. */
export interface ImageReference {
  /** `registry.example.com:5000`; `docker.io` without one. */
  readonly registry: string;
  /** Within the registry, `team/app`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Pure: takes a reference apart; one without tag and digest has neither. */
export function parseImageReference(text: string): ImageReference {
  const [name = '', digest] = text.split('@', 2);
  // A colon after the last slash begins a tag; before it, a port.
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const path = colon === -1 ? name : name.slice(0, colon);
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first) || first === 'localhost';
  const rest = isRegistry ? path.slice(slash + 1) : path;
  const registry = isRegistry ? first : 'docker.io';
  return {
    registry,
    repository: registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest,
    ...(colon === -1 ? {} : { tag: name.slice(colon + 1) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Pure: the address of a registry's API. Plain HTTP for this machine only, as the engines have it. */
export function registryOrigin(registry: string): string {
  if (registry === 'docker.io' || registry === 'index.docker.io') return 'https://registry-1.docker.io';
  return `${isLoopback(registry) ? 'http' : 'https'}://${registry}`;
}

/** Pure: whether a registry is on this machine: `localhost:5000`, `127.0.0.1:5000`, `[::1]:5000`. */
export function isLoopback(registry: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(registry);
}

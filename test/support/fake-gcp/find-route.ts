import type { Route } from './fake-service.js';

/** A route with what its path says. */
export interface FoundRoute {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

const patterns = new Map<string, RegExp>();

/** The first route of a method and a path that is still percent-encoded. */
export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = patternOf(route.path).exec(path);
    if (match === null) continue;
    const { groups = {} } = match;
    return {
      route,
      path: Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)])),
    };
  }
  return undefined;
}

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const source = path
    .replace(/[.*?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)(\+?)\}/g, (_, name: string, more: string) => `(?<${name}>${more === '' ? '[^/:]+' : '.+?'})`);
  const made = new RegExp(`^${source}$`);
  patterns.set(path, made);
  return made;
}

import type { verifyRelease } from '../../steps/local/verify-release.js';

type Check = Parameters<typeof verifyRelease.run>[0]['checks'][number];

/** What of a service says where to ask it. */
export interface CheckedService {
  readonly name: string;
  readonly routes: readonly { readonly path: string }[];
  /** HTTP path. */
  readonly readiness?: string | undefined;
}

/** Where each service can be asked through the public address; nothing for services without routes. */
export function checksOf(services: readonly CheckedService[]): Check[] {
  const routes = services.flatMap((service) => service.routes.map(({ path }) => ({ path, service: service.name })));
  const ownerOf = (path: string): string | undefined =>
    routes
      .filter((route) => path === route.path || path.startsWith(route.path.replace(/\/?$/, '/')))
      .toSorted((a, b) => b.path.length - a.path.length)[0]?.service;
  return services.flatMap(({ name, readiness, routes: [first] }): Check[] => {
    if (first === undefined) return [];
    const reachable = readiness !== undefined && ownerOf(readiness) === name;
    return [{ service: name, path: reachable ? readiness : first.path, readiness: reachable }];
  });
}

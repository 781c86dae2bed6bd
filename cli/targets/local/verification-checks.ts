import type { PlannedService } from '../../../stacks/local/process-plan.js';
import type { verifyRelease } from '../../steps/local/verify-release.js';

type Check = Parameters<typeof verifyRelease.run>[0]['checks'][number];

/** Where each service can be asked through the public address; nothing for services without routes. */
export function checksOf(services: readonly PlannedService[]): Check[] {
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

import type { SpecProblem } from '../problem.js';
import type { ServiceSpec } from '../schema/service.js';
import type { Rule } from './rule.js';

/** A service with a port says when it is ready; what needs HTTP needs a port. */
export const ports: Rule = (spec) =>
  Object.entries(spec.services).flatMap(([name, service]): readonly SpecProblem[] => {
    const path = ['services', name];
    if (service.port === undefined) {
      return settingsThatNeedAPort(service).map((setting) => ({
        code: 'needs-port',
        path: [...path, ...setting],
        at: 'key',
        message: `services.${name} has ${setting.join('.')} but no port`,
        fix: `add the HTTP port the container listens on, such as "port: 8000", or remove ${setting.join('.')}`,
      }));
    }
    if (service.health.readiness !== undefined) return [];
    return [
      {
        code: 'missing-readiness',
        path: [...path, 'health', 'readiness'],
        at: 'key',
        message: `services.${name} has a port but no readiness path, so a release cannot be proven to work`,
        fix: 'add a path that answers 200 when the replica can serve: "health: { readiness: /health }"',
      },
    ];
  });

function settingsThatNeedAPort(service: ServiceSpec): readonly (readonly string[])[] {
  const settings: (readonly [boolean, readonly string[]])[] = [
    [service.routes.length > 0, ['routes']],
    [service.health.readiness !== undefined, ['health', 'readiness']],
    [service.health.liveness !== undefined, ['health', 'liveness']],
    [service.scale.requests !== undefined, ['scale', 'requests']],
    [service.scale.connections !== undefined, ['scale', 'connections']],
  ];
  return settings.flatMap(([present, path]) => (present ? [path] : []));
}

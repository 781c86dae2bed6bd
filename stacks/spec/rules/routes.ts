import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

/** No two routes claim the same path; `/api` and `/api/` are the same. */
export const routes: Rule = (spec) => {
  const owners = new Map<string, string>();
  return Object.entries(spec.services).flatMap(([name, service]) =>
    service.routes.flatMap(({ path }, index): readonly SpecProblem[] => {
      const plain = path === '/' ? path : path.replace(/\/+$/, '');
      const owner = owners.get(plain);
      owners.set(plain, owner ?? name);
      if (owner === undefined) return [];
      const message = `the route ${path} already leads to services.${owner}`;
      const place = ['services', name, 'routes', index, 'path'];
      return [
        { code: 'duplicate-route', path: place, at: 'value', message, fix: 'give each service paths of its own' },
      ];
    }),
  );
};

import { isPlainMap, valueAt } from '../plain-map.js';
import type { SpecPath, SpecProblem } from '../problem.js';
import type { Rule, RuleContext } from './rule.js';

/** Health checks, routes and the metrics page are plain paths: no host, no query, no wildcard. */
export const httpPaths: Rule = (spec, context) => {
  const services = Object.entries(spec.services).flatMap(([name, service]) => [
    ...service.routes.map(({ path }, index) => ({ path: ['services', name, 'routes', index, 'path'], text: path })),
    ...(['readiness', 'liveness'] as const).flatMap((probe) => {
      const text = service.health[probe]?.path;
      return text === undefined ? [] : [{ path: probePath(context, ['services', name, 'health', probe]), text }];
    }),
  ]);
  const metrics = spec.observability.metrics.prometheus?.path ?? '/';
  const all = [...services, { path: ['observability', 'metrics', 'prometheus', 'path'], text: metrics }];
  return all.flatMap(({ path, text }) => problemsOf(path, text));
};

function probePath(context: RuleContext, path: SpecPath): SpecPath {
  return isPlainMap(valueAt(context.input, path)) ? [...path, 'path'] : path;
}

function problemsOf(path: SpecPath, text: string): readonly SpecProblem[] {
  if (/^\/[\w./~%!$&'()+,;=:@-]*$/.test(text)) return [];
  const problem = { code: 'bad-path' as const, path, at: 'value' as const, found: JSON.stringify(text) };
  const corrected = withoutHost(text);
  const reason = /^[a-z]+:\/\//i.test(text) ? 'a path, not a full URL' : 'a plain path that begins with /';
  const fix = corrected === undefined ? 'write a path such as /health' : `write ${corrected}`;
  return [{ ...problem, message: `${JSON.stringify(text)} must be ${reason}`, fix }];
}

function withoutHost(text: string): string | undefined {
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#*].*$/, '');
  const slashed = path.startsWith('/') ? path : `/${path}`;
  return /^\/[\w./-]*$/.test(slashed) ? slashed : undefined;
}

import type { SpecProblem } from '../problem.js';
import { looksLikeSecret } from '../secret-shapes.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** A secret is a variable of its own name already; `env` may repeat it only as `${secrets.NAME}`. */
export const declaredTwice: Rule = (spec) => {
  const secrets = new Set(spec.secrets);
  const environments = [{ path: [], env: spec.env }, ...workloadsOf(spec)];
  const inEnvironment = environments.flatMap(({ path, env }) =>
    Object.entries(env)
      .filter(([name, value]) => secrets.has(name) && value !== `\${secrets.${name}}`)
      // A literal secret is reported as that; taking it out mends both.
      .filter(([name, value]) => !looksLikeSecret(name, value))
      .map(([name]): SpecProblem => ({
        code: 'declared-twice',
        path: [...path, 'env', name],
        at: 'key',
        message: `${name} is in env and in secrets`,
        fix: 'remove it here; every service gets the secret under this name',
      })),
  );
  const repeated = spec.secrets.flatMap((name, index): readonly SpecProblem[] => {
    if (spec.secrets.indexOf(name) === index) return [];
    const message = `${name} is in secrets twice`;
    return [{ code: 'duplicate-name', path: ['secrets', index], at: 'value', message, fix: 'remove one of them' }];
  });
  return [...inEnvironment, ...repeated];
};

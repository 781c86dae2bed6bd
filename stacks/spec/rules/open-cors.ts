import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** In production a list of origins never contains `*`. */
export const openCors: Rule = (spec, context) => {
  if (context.stage !== 'production') return [];
  return [{ path: [], env: spec.env }, ...workloadsOf(spec)].flatMap(({ path, env }) =>
    Object.entries(env)
      .filter(([name, value]) => /ORIGIN/i.test(name) && /(?:^|[\s,["'])\*(?:$|[\s,\]"'])/.test(value))
      .map(([name]): SpecProblem => ({
        code: 'open-cors',
        path: [...path, 'env', name],
        at: 'value',
        message: `${name} lets any web page call the agent`,
        found: 'a list with "*"',
        fix: 'list the origins of your own pages, such as https://app.example.com',
      })),
  );
};

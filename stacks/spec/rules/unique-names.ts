import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** Names of the parts agentctl itself puts beside the services. */
const ownParts: ReadonlySet<string> = new Set(['postgres', 'pooler', 'search', 'cache', 'queue', 'temporal']);

/** Services, schedules and migrations share one namespace on every target, together with agentctl’s own parts. */
export const uniqueNames: Rule = (spec) => {
  const owners = new Map<string, string>();
  return workloadsOf(spec).flatMap(({ kind, name, path }): readonly SpecProblem[] => {
    const at = kind === 'migration' ? 'value' : 'key';
    const place = kind === 'migration' ? [...path, 'name'] : path;
    if (ownParts.has(name)) {
      const fix = `choose another name for this ${kind}`;
      const message = `the name "${name}" is taken by agentctl’s own ${name}`;
      return [{ code: 'reserved-name', path: place, at, message, fix }];
    }
    const owner = owners.get(name);
    owners.set(name, owner ?? kind);
    if (owner === undefined) return [];
    const message = `a ${owner} is already named "${name}"`;
    return [{ code: 'duplicate-name', path: place, at, message, fix: `give this ${kind} a name of its own` }];
  });
};

import { kebabCase } from '../corrected-value.js';
import type { SpecPath, SpecProblem } from '../problem.js';
import { isPlainMap } from '../plain-map.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

const workloadName = /^(?=.{1,24}$)[a-z](?:-?[a-z0-9])*$/;
const stageName = /^(?=.{1,16}$)[a-z](?:-?[a-z0-9])*$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names of services, schedules, stages and variables can be used as they are on every target. */
export const names: Rule = (spec, context) => {
  const workload = 'at most 24 lower-case letters, digits and single hyphens, beginning with a letter';
  const stage = 'at most 16 lower-case letters, digits and single hyphens, beginning with a letter';
  const variables = [{ path: [], env: spec.env }, ...workloadsOf(spec).map(({ path, env }) => ({ path, env }))].flatMap(
    ({ path, env }) => keyProblems([...path, 'env'], env, variableName, 'letters, digits and underscores'),
  );
  return [
    ...keyProblems(['services'], spec.services, workloadName, workload),
    ...keyProblems(['schedules'], spec.schedules, workloadName, workload),
    ...keyProblems(['stages'], Object.fromEntries(context.stageNames.map((name) => [name, {}])), stageName, stage),
    ...variables,
  ];
};

function keyProblems(path: SpecPath, map: unknown, pattern: RegExp, expected: string): readonly SpecProblem[] {
  const bad = isPlainMap(map) ? Object.keys(map).filter((key) => !pattern.test(key)) : [];
  return bad.map((key) => ({
    code: 'bad-name',
    path: [...path, key],
    at: 'key',
    message: `the name "${key}" cannot be used`,
    ...(key.length > 24 ? { found: `${key.length} characters` } : {}),
    fix: `rename it${renamed(key, pattern)}: ${expected}`,
  }));
}

function renamed(key: string, pattern: RegExp): string {
  const better = pattern === variableName ? undefined : kebabCase(key, pattern);
  return better === undefined ? '' : ` to "${better}"`;
}

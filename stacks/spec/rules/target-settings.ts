import type { SpecProblem } from '../problem.js';
import { targetTitles } from '../target-kind.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

const needed = { aws: 'region', gcp: 'project and region', azure: 'subscription and location' } as const;

/** The target that was asked for has the settings it cannot do without. */
export const targetSettings: Rule = (spec, context) => {
  const { target } = context;
  if (target === undefined || target === 'local' || context.isUnsure('clouds')) return [];
  if (target === 'kubernetes') return registryProblems(spec, context);
  if (spec.clouds[target] !== undefined) return [];
  const message = `a deploy to ${targetTitles[target]} needs clouds.${target}`;
  const fix = `add "clouds: { ${target}: { … } }" with ${needed[target]}`;
  return [{ code: 'missing-key', path: ['clouds', target], at: 'key', message, fix }];
};

const registryProblems: Rule = (spec): readonly SpecProblem[] => {
  const usesTopLevel = workloadsOf(spec).some(({ image }) => image === undefined);
  const images = [...(usesTopLevel ? [spec.image] : []), ...workloadsOf(spec).flatMap(({ image }) => image ?? [])];
  if (spec.clouds.kubernetes?.registry !== undefined || images.every(({ kind }) => kind === 'ref')) return [];
  const path = ['clouds', 'kubernetes', 'registry'];
  const message = 'images are built, and the cluster needs a registry to pull them from';
  return [{ code: 'missing-key', path, at: 'key', message, fix: 'add "registry: ghcr.io/acme" to clouds.kubernetes' }];
};

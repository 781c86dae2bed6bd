import type { SpecPath, SpecProblem } from '../problem.js';
import type { AgentSpec } from '../schema/agent.js';
import { columns, columnTitles, type Column } from './column.js';
import { features, featureKeys, type Feature, type FeatureKey } from './features.js';
import { supportOf } from './support-of.js';

export { columnOf, columns, columnTitles, type Column } from './column.js';
export { features, type FeatureKey } from './features.js';
export { capabilityMatrixMarkdown, capabilityNotesMarkdown } from './matrix.js';
export { supportOf } from './support-of.js';
export type { Support } from './support.js';

/** One problem for every place of a spec that a column cannot honour. */
export function unsupportedProblems(spec: AgentSpec, column: Column): readonly SpecProblem[] {
  return featureKeys.flatMap((key) => {
    const support = supportOf(key, column);
    if (support.support !== 'unsupported') return [];
    const feature: Feature = features[key];
    const others = columns.filter((other) => supportOf(key, other).support !== 'unsupported');
    return feature.uses(spec, column).map((path): SpecProblem => ({
      code: 'not-supported',
      path,
      at: 'value',
      message: `${columnTitles[column]} does not support this: ${plainTitle(feature)}`,
      fix: `${support.note} (works on ${others.join(', ')})`,
    }));
  });
}

/** A setting that a column honours in its own way. */
export interface CapabilityNote {
  readonly feature: FeatureKey;
  readonly path: SpecPath;
  /** What the setting means there, as a sentence part. */
  readonly note: string;
}

/** Everything a column accepts with a meaning of its own. */
export function capabilityNotes(spec: AgentSpec, column: Column): readonly CapabilityNote[] {
  return featureKeys.flatMap((key) => {
    const support = supportOf(key, column);
    if (support.support !== 'equivalent') return [];
    const feature: Feature = features[key];
    return feature.uses(spec, column).map((path) => ({ feature: key, path, note: support.note }));
  });
}

function plainTitle(feature: Feature): string {
  return feature.title.replaceAll('`', '');
}

import { isPlainMap, type PlainMap } from './plain-map.js';
import type { SpecProblem } from './problem.js';

/** The base with one stage’s overlay merged over it, without `stages`. */
export interface MergedStage {
  readonly merged: PlainMap;
  readonly problems: readonly SpecProblem[];
}

const wholeFileKeys: ReadonlySet<string> = new Set(['name', 'stages']);

/**
 * Merges the overlay of a stage over the base: maps merge, lists and scalars replace, `null` removes the key.
 * Problems with the overlay’s own shape are reported; the rest of the overlay is still merged.
 */
export function mergeStage(input: PlainMap, stage: string): MergedStage {
  const { stages, ...base } = input;
  if (stages === undefined || stages === null) return { merged: base, problems: [] };
  if (!isPlainMap(stages)) return { merged: base, problems: [notAMap(['stages'], 'a map of stage names to overlays')] };
  const overlay = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (overlay === undefined || overlay === null) return { merged: base, problems: [] };
  if (!isPlainMap(overlay)) return { merged: base, problems: [notAMap(['stages', stage], 'a map of settings')] };

  const problems = Object.keys(overlay)
    .filter((key) => wholeFileKeys.has(key))
    .map((key): SpecProblem => ({
      code: 'overlay-not-allowed',
      path: ['stages', stage, key],
      at: 'key',
      message: `a stage cannot set "${key}"`,
      fix: `remove "${key}" from the stage; it belongs to the whole file`,
    }));
  const settings = Object.fromEntries(Object.entries(overlay).filter(([key]) => !wholeFileKeys.has(key)));
  return { merged: mergeMaps(base, settings), problems };
}

function mergeMaps(base: PlainMap, overlay: PlainMap): PlainMap {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    const existing = merged[key];
    if (value === null) delete merged[key];
    else if (isPlainMap(value)) merged[key] = mergeMaps(isPlainMap(existing) ? existing : {}, value);
    else merged[key] = value;
  }
  return merged;
}

function notAMap(path: readonly string[], expected: string): SpecProblem {
  return {
    code: 'wrong-type',
    path,
    at: 'value',
    message: `${path.join('.')} must be ${expected}`,
    fix: 'write one stage per line: "staging: { … }"',
  };
}

import { isDeepStrictEqual } from 'node:util';
import type { Properties } from '../../resource-type.js';

/** Names of properties that differ, at the top level. */
export function changedProperties(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

import type { SpecProblemCode } from './problem-codes.js';

/** The way to a value in the spec after the stage’s overlay was merged: `['services', 'api', 'port']`. */
export type SpecPath = readonly (string | number)[];

/** One thing that is wrong with a spec. */
export interface SpecProblem {
  readonly code: SpecProblemCode;
  readonly path: SpecPath;
  /** What to point at: the key itself (unknown, badly named) or its value. */
  readonly at: 'key' | 'value';
  /** Lowercase start, no full stop; names the place and what is wrong. */
  readonly message: string;
  /** What was found, when it may be shown; never a secret. */
  readonly found?: string;
  /** What could be there instead, when that is a list. */
  readonly allowed?: readonly string[];
  /** An instruction. */
  readonly fix: string;
}

/** A path as people write it: `services.api.routes[0].path`. */
export function formatPath(path: SpecPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

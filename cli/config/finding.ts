import type { SpecPath } from '../../stacks/spec/index.js';
import type { FileProblemCode } from './file-problem-codes.js';

/** Something wrong in the YAML itself, by character offsets. */
export interface Finding {
  readonly code: FileProblemCode;
  /** Offsets of the first character and of the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly path: SpecPath;
  readonly message: string;
  readonly found?: string;
  readonly fix: string;
}

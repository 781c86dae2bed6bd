import type { SpecPath, SpecProblemCode } from '../../stacks/spec/index.js';
import type { FileProblemCode } from './file-problem-codes.js';

/** One thing that is wrong with a config file, with its place in the file. Plain data: `--json` prints it as it is. */
export interface ConfigProblem {
  readonly code: SpecProblemCode | FileProblemCode;
  /** The file as it was named; `-` for standard input. */
  readonly file: string;
  /** Counted from 1; absent when the problem is the file as a whole. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
  readonly path: SpecPath;
  /** The stage whose overlay holds the place. */
  readonly stage?: string;
  readonly message: string;
  readonly found?: string;
  readonly allowed?: readonly string[];
  /** What was probably meant. */
  readonly suggestion?: string;
  readonly fix: string;
  /** The line of the file; secrets in it are masked. */
  readonly sourceLine?: string;
  /** Where the caret stands under `sourceLine`, counted from 1; differs from `column` when the line was masked or cut. */
  readonly caretColumn?: number;
  readonly caretLength?: number;
}

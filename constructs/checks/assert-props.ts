import type { IConstruct } from 'constructs';
import { constructError } from './construct-error.js';

/** Throws what is wrong with the props of a construct, all of it at once; `false` stands for what is right. */
export function assertProps(scope: IConstruct, problems: readonly (string | false | undefined)[]): void {
  const found = problems.filter((problem) => typeof problem === 'string');
  if (found.length > 0) throw constructError(scope, found.join('; '));
}

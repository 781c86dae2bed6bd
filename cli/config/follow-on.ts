import type { SpecPath } from '../../stacks/spec/index.js';
import type { ConfigProblem } from './problem.js';

type Problem = Pick<ConfigProblem, 'code' | 'path' | 'suggestion'>;

/** Problems that are gone once another one is mended: what seems absent is only misspelt, or hidden behind `<<`. */
export function isFollowOn(problem: Problem, all: readonly Problem[]): boolean {
  const absent = absentPath(problem);
  if (absent === undefined) return false;
  return all.some((other) => {
    const present = presentPath(other);
    return present !== undefined && present.every((part, index) => absent[index] === part);
  });
}

/** What a problem says is not there. */
function absentPath({ code, path }: Problem): SpecPath | undefined {
  if (code === 'missing-key' || code === 'missing-readiness') return path;
  return code === 'needs-port' ? [...path.slice(0, 2), 'port'] : undefined;
}

/** What is there after all, once this problem is mended. */
function presentPath({ code, path, suggestion }: Problem): SpecPath | undefined {
  if (code === 'merge-key') return path.slice(0, -1);
  if (code !== 'unknown-key' || suggestion === undefined) return undefined;
  return [...path.slice(0, -1), ...suggestion.split('.')];
}

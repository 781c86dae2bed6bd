import type { z } from 'zod';
import { correctedValue } from './corrected-value.js';
import { describeFound } from './describe-found.js';
import { valueAt } from './plain-map.js';
import { formatPath, type SpecPath, type SpecProblem } from './problem.js';
import { acceptsEmptyMapAt, allowedKeysAt } from './schema-at.js';
import { wrongShapeProblem } from './wrong-shape.js';

/** A zod issue with its full path and without unions: of each union the branch that the input was meant to be. */
export type PlainIssue = DistributiveOmit<Exclude<z.core.$ZodIssue, z.core.$ZodIssueInvalidUnion>, 'path'> & {
  readonly path: SpecPath;
};

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Flattens issues: paths from the root, unions replaced by the issues of their closest branch. */
export function plainIssues(issues: readonly z.core.$ZodIssue[], parent: SpecPath = []): readonly PlainIssue[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code !== 'invalid_union') return [{ ...issue, path }];
    return plainIssues(closestBranch(issue.errors), path);
  });
}

/** The branch with the fewest issues; one that expects another kind of value altogether comes last. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  return branches.toSorted((left, right) => distanceOf(left) - distanceOf(right))[0] ?? [];
}

function distanceOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'invalid_type' && issue.path.length === 0) return sum + 100;
    return sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);
  }, 0);
}

/** What is wrong with an input according to the schema. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], input: unknown): readonly SpecProblem[] {
  return plainIssues(issues).flatMap((issue) => problemsOf(issue, input));
}

function problemsOf(issue: PlainIssue, input: unknown): readonly SpecProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  const value = valueAt(input, path);
  if (value === undefined) return [missingKey(path, expectedBy(issue))];
  if (value === null) return [emptyValue(path)];
  if (issue.code === 'invalid_value') return [notAllowed(path, value, issue.values.map(String))];
  return [wrongShapeProblem(path, value) ?? badValue(issue, value)];
}

function expectedBy(issue: PlainIssue): string {
  if (issue.code !== 'invalid_type' || issue.expected !== 'object') return issue.message;
  const keys = allowedKeysAt(issue.path);
  return `a map with the keys ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}`;
}

function unknownKey(path: SpecPath, key: string): SpecProblem {
  return {
    code: 'unknown-key',
    path: [...path, key],
    at: 'key',
    message: `unknown key "${key}"${path.length === 0 ? '' : ` in ${formatPath(path)}`}`,
    allowed: allowedKeysAt(path),
    fix: 'remove it, or use one of the allowed keys',
  };
}

function missingKey(path: SpecPath, expected: string): SpecProblem {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1));
  return {
    code: 'missing-key',
    path,
    at: 'key',
    message: `${parent.length === 0 ? 'the file' : formatPath(parent)} needs "${key}"`,
    fix: `add "${key}": ${expected}`,
  };
}

function emptyValue(path: SpecPath): SpecProblem {
  const key = String(path.at(-1));
  return {
    code: 'empty-value',
    path,
    at: 'key',
    message: `${formatPath(path)} has no value`,
    fix: acceptsEmptyMapAt(path)
      ? `write "${key}: {}" for the defaults, or remove the line`
      : `give it a value${path.includes('env') ? ' ("" for an empty text)' : ''}, or remove the line`,
  };
}

function notAllowed(path: SpecPath, value: unknown, allowed: readonly string[]): SpecProblem {
  const unquoted = typeof value === 'string' && allowed.includes(value);
  return {
    code: 'not-allowed',
    path,
    at: 'value',
    message: `${formatPath(path)} cannot be ${describeFound(path, value)}`,
    found: describeFound(path, value),
    allowed,
    fix: unquoted ? `write ${value}, without quotes` : 'use one of the allowed values',
  };
}

function badValue(issue: PlainIssue, value: unknown): SpecProblem {
  const { path } = issue;
  const expected = expectedBy(issue);
  const corrected = correctedValue(expected, value);
  const rightKind = issue.code !== 'invalid_type' || (typeof value === 'number' && /number|int/.test(issue.expected));
  return {
    code: rightKind ? 'bad-value' : 'wrong-type',
    path,
    at: 'value',
    message: `${formatPath(path)} must be ${expected}`,
    found: describeFound(path, value),
    fix: corrected === undefined ? fixFor(issue, value, expected) : `write ${corrected}`,
  };
}

function fixFor(issue: PlainIssue, value: unknown, expected: string): string {
  if (issue.code !== 'invalid_type') return `write ${expected}`;
  if (issue.expected === 'string') return quotingFix(issue.path, value);
  if (issue.expected === 'array') return 'write a list: [first, second]';
  if (issue.expected === 'object' || issue.expected === 'record') return 'write a map, one "key: value" per line';
  return `write ${expected}`;
}

function quotingFix(path: SpecPath, value: unknown): string {
  if (typeof value !== 'number' && typeof value !== 'boolean') return 'write a single text';
  const found = describeFound(path, value);
  return found === String(value) ? `put it in quotes: "${found}"` : 'put it in quotes';
}

import { type Document, isPair, isScalar, isSeq, type Pair, type Scalar, visit } from 'yaml';
import { isSecretName, type SpecPath } from '../../stacks/spec/index.js';
import type { Finding } from './finding.js';

const forbiddenKeys: ReadonlySet<unknown> = new Set(['__proto__', 'constructor', 'prototype']);

/** What YAML reads without complaint as something the author did not write. */
export function lintYaml(document: Document.Parsed): readonly Finding[] {
  const findings: Finding[] = [];
  visit(document, {
    Pair: (_, pair, ancestors) => {
      findings.push(...keyFindings(pair, pathOf(ancestors)));
    },
    Scalar: (key, node, ancestors) => {
      const own = typeof key === 'number' ? [key] : [];
      if (key !== 'key') findings.push(...numberFindings(node, [...pathOf(ancestors), ...own]));
    },
  });
  return findings;
}

function pathOf(ancestors: readonly unknown[]): SpecPath {
  return ancestors.flatMap((node, index): SpecPath => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : [];
    const parent = ancestors[index - 1];
    return isSeq(parent) ? [parent.items.indexOf(node)] : [];
  });
}

function keyFindings(pair: Pair, path: SpecPath): readonly Finding[] {
  const { key } = pair;
  if (!isScalar(key) || key.range === null || key.range === undefined) return [];
  const [start, end] = key.range;
  const place = { start, end, path: [...path, String(key.value)] };
  if (forbiddenKeys.has(key.value)) {
    const message = `"${String(key.value)}" cannot be used as a key`;
    return [{ ...place, code: 'forbidden-key', message, fix: 'choose another name' }];
  }
  if (key.value === '<<') {
    const message = 'the merge key << is not applied';
    const fix = 'write the keys out; what differs per stage belongs under "stages:"';
    return [{ ...place, code: 'merge-key', message, fix }];
  }
  return [];
}

function numberFindings(node: Scalar, path: SpecPath): readonly Finding[] {
  const { value, source, range } = node;
  if (typeof value !== 'number' || source === undefined || range === null || range === undefined) return [];
  const code = misreadingOf(value, source);
  if (code === undefined) return [];
  const place = { start: range[0], end: range[1], path, code };
  if (isSecretName(String(path.at(-1)))) {
    return [{ ...place, message: 'this number is not read as it is written', fix: 'put it in quotes' }];
  }
  if (code === 'not-finite') {
    return [{ ...place, found: source, message: `${source} is not a number that can be used`, fix: 'write a number' }];
  }
  const fix = `put it in quotes if it is a text: "${source}"`;
  return [{ ...place, found: source, message: `${source} ${misreadings[code]} is read as ${value}`, fix }];
}

const misreadings = {
  'leading-zero': 'has a leading zero and',
  'unsafe-number': 'is too large and',
  'lossy-number': 'is a number and',
} as const;

function misreadingOf(value: number, source: string): keyof typeof misreadings | 'not-finite' | undefined {
  if (!Number.isFinite(value)) return 'not-finite';
  if (/^[-+]?0\d/.test(source)) return 'leading-zero';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'unsafe-number';
  return /^[-+]?[\d.]+$/.test(source) && String(value) !== source.replace(/^\+/, '') ? 'lossy-number' : undefined;
}

import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { SpecPath } from '../../stacks/spec/index.js';
import type { ParsedYaml } from './parse-yaml.js';

/** Where something stands in the file: offsets, and the stage when it stands in that stage’s overlay. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly stage?: string;
  /** The value itself, when the place has one; `start` and `end` may be those of its key. */
  readonly value?: { readonly start: number; readonly end: number };
}

interface Walk {
  /** How many parts of the path exist. */
  readonly depth: number;
  readonly key?: Node | undefined;
  readonly value?: Node | undefined;
}

/**
 * The place of a path: in the stage’s overlay when that has it, otherwise in the base. A path that does not exist is
 * shown at the nearest key above it.
 */
export function locate(yaml: ParsedYaml, path: SpecPath, at: 'key' | 'value', stage: string): Place {
  const base = walk(yaml, path);
  const overlay = walk(yaml, ['stages', stage, ...path]);
  const overlayDepth = overlay.depth - 2;
  const inOverlay = overlayDepth > base.depth || (overlayDepth === path.length && path.length > 0);
  if (inOverlay) return { ...placeOf(overlay, at, overlayDepth === path.length), stage };
  return placeOf(base, at, base.depth === path.length);
}

/** Whether the file itself says something at a path, rather than a default. */
export function isWritten(yaml: ParsedYaml, path: SpecPath, stage: string): boolean {
  return walk(yaml, path).depth === path.length || walk(yaml, ['stages', stage, ...path]).depth === path.length + 2;
}

function walk(yaml: ParsedYaml, path: SpecPath): Walk {
  let found: Walk = { depth: 0, value: resolved(yaml, yaml.document.contents) };
  for (const [index, part] of path.entries()) {
    const next = child(found.value, part);
    if (next === undefined) return found;
    found = { depth: index + 1, key: next.key, value: resolved(yaml, next.value) };
  }
  return found;
}

function child(node: Node | undefined, part: string | number): { key?: Node; value?: unknown } | undefined {
  if (isSeq(node)) return typeof part === 'number' && part in node.items ? { value: node.items[part] } : undefined;
  if (!isMap(node)) return undefined;
  // A single migration is written as a map where the spec has a list of one.
  if (part === 0) return { value: node };
  const pair = node.items.findLast((item: Pair) => isScalar(item.key) && String(item.key.value) === part);
  if (pair === undefined) return undefined;
  return isScalar(pair.key) ? { key: pair.key, value: pair.value } : { value: pair.value };
}

function resolved(yaml: ParsedYaml, value: unknown): Node | undefined {
  if (isAlias(value)) return value.resolve(yaml.document) ?? value;
  return isScalar(value) || isCollection(value) ? value : undefined;
}

/** A map or list is pointed at by its key; in a list, where there is none, by its first character. */
function placeOf(found: Walk, at: 'key' | 'value', complete: boolean): Place {
  const { key, value } = found;
  const isEmpty = isScalar(value) && value.range?.[0] === value.range?.[1];
  const pointsAtKey = at === 'key' || !complete || isCollection(value) || isEmpty;
  const [start = 0, end = start + 1] = (pointsAtKey ? (key ?? value) : value)?.range ?? [];
  const [valueStart, valueEnd] = value?.range ?? [];
  return {
    start,
    end: key === undefined && isCollection(value) ? start + 1 : end,
    ...(valueStart === undefined || valueEnd === undefined ? {} : { value: { start: valueStart, end: valueEnd } }),
  };
}

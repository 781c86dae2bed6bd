/** The value at a path of names; undefined where something on the way is absent. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

/** A list, or nothing where there is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Every text within a value, with the names that lead to it. */
export function* textsIn(
  value: unknown,
  path: readonly string[] = [],
): Generator<readonly [readonly string[], string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* textsIn(item, [...path, String(index)]);
  else if (isRecord(value)) for (const [name, item] of Object.entries(value)) yield* textsIn(item, [...path, name]);
}

/** Every value under a name, however deep. */
export function* blocksIn(value: unknown, name: string): Generator {
  if (Array.isArray(value)) for (const item of value) yield* blocksIn(item, name);
  else if (isRecord(value))
    for (const [key, item] of Object.entries(value)) {
      if (key === name) yield item;
      yield* blocksIn(item, name);
    }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

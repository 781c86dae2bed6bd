/** A YAML map. */
export type PlainMap = Readonly<Record<string, unknown>>;

/** Whether a value is a YAML map, and not a list or a scalar. */
export function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, undefined when the path leads nowhere. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof part === 'number') value = Array.isArray(value) ? value[part] : undefined;
    else value = isPlainMap(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

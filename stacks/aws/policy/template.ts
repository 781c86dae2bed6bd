/** A synthesized CloudFormation template, as far as rules look into it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Logical ids and resources of the given types; without types, all of them. */
export function resourcesOf(template: Template, ...types: readonly string[]): readonly [string, TemplateResource][] {
  const all = Object.entries(template.Resources ?? {});
  return types.length === 0 ? all : all.filter(([, { Type }]) => types.includes(Type));
}

/** The value at a path of property names; undefined where something on the way is absent. */
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

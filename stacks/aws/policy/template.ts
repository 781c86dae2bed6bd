export { at, listOf, textsIn } from '../../stage/values.js';

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

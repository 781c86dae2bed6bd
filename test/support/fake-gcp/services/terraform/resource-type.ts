import type { FakeWorld } from '../../fake-world.js';

/** Attributes as in cdk.tf.json, with every reference resolved; nested blocks may be arrays of one. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A resource type of Google's provider that does something; all others only keep what they were told. */
export interface ResourceType {
  readonly type: string;
  /** Returns what Google computes, beside `id`. */
  create(attributes: Attributes, context: ResourceContext): Promise<Attributes> | Attributes;
  /** What is different now from what was told; undefined: it is gone. @default nothing is */
  read?(attributes: Attributes, context: ResourceContext): Promise<Attributes | undefined> | Attributes | undefined;
  /** @default what was computed stays */
  update?(attributes: Attributes, prior: Attributes, context: ResourceContext): Promise<Attributes> | Attributes;
  /** @default it is forgotten */
  delete?(attributes: Attributes, context: ResourceContext): Promise<void> | void;
}

/** What a resource type may know. */
export interface ResourceContext {
  readonly world: FakeWorld;
  /** Write-only arguments. */
  readonly writeOnly: Attributes;
}

/** A block that can be there once: as an object, or as an array of one. */
export function block(value: unknown): Attributes | undefined {
  const found: unknown = Array.isArray(value) ? value[0] : value;
  return typeof found === 'object' && found !== null ? (found as Attributes) : undefined;
}

/** A block that can be there often. */
export function blocks(value: unknown): readonly Attributes[] {
  if (Array.isArray(value)) return value as Attributes[];
  return value === undefined || value === null ? [] : [value as Attributes];
}

/** A text, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import { decode, encode, ExtData, ExtensionCodec } from '@msgpack/msgpack';

/** A value that is known when it was applied. */
export const unknown = Symbol('known after apply');

/** What is no value of JSON is `unknown`; an attribute of any type comes with its type: Terraform's object-wire-format.md. */
export type WireValue = null | typeof unknown | readonly [type: Uint8Array, value: unknown];

/** Attributes of a resource, data source or provider, by name. */
export type WireObject = Readonly<Record<string, WireValue>>;

/** Attributes as JSON. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Extensions of cty: 0 is an unknown value, 12 one of which something is known. */
const unknownExtension = 0;
const refinedExtension = 12;

const codec = new ExtensionCodec();
for (const type of [unknownExtension, refinedExtension])
  codec.register({ type, encode: () => null, decode: () => unknown });

/** Reads an object whose attributes are of any type; null: there is none. */
export function readObject(value: { readonly msgpack: Uint8Array } | null): WireObject | null {
  if (value === null || value.msgpack.length === 0) return null;
  return decode(value.msgpack, { extensionCodec: codec }) as WireObject | null;
}

/** The opposite of {@link readObject}. */
export function writeObject(object: WireObject | null): { readonly msgpack: Uint8Array } {
  return { msgpack: encode(withExtensions(object)) };
}

function withExtensions(value: unknown): unknown {
  if (value === unknown) return new ExtData(unknownExtension, new Uint8Array([0]));
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withExtensions);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withExtensions(item)]));
}

/** A value of JSON with the type that Terraform would give it. */
export function toWire(value: unknown): WireValue {
  return value === null || value === undefined ? null : withType(typeOf(value), value);
}

/** A value as it is in a state file: `{ value, type }`. */
export function fromState(stored: unknown): WireValue {
  if (typeof stored !== 'object' || stored === null || !('type' in stored) || !('value' in stored)) return null;
  return stored.value === null ? null : withType(stored.type, stored.value);
}

function withType(type: unknown, value: unknown): WireValue {
  return [new TextEncoder().encode(JSON.stringify(type)), value];
}

function typeOf(value: unknown): unknown {
  if (value === null || value === undefined) return 'dynamic';
  if (Array.isArray(value)) return ['tuple', value.map(typeOf)];
  if (typeof value === 'object')
    return ['object', Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeOf(item)]))];
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A known value as JSON, without what is null. */
export function toJson(value: WireValue): unknown {
  return Array.isArray(value) ? withoutNull(value[1]) : undefined;
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNull(item)]));
}

/** Whether two are the same, whatever their types. */
export function isSame(a: WireValue, b: WireValue): boolean {
  if (a === unknown || b === unknown) return a === b;
  return canonical(a === null ? null : a[1]) === canonical(b === null ? null : b[1]);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (item === unknown) return 'known after apply';
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    const entries = Object.entries(item).filter(([, part]) => part !== null);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

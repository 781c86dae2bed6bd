/** Traits of a member or a shape, as Smithy names them: `xmlName`, `httpHeader`, `httpPayload` … */
export type Traits = Readonly<Record<string, unknown>>;

/** What a value looks like on the wire, read from the schemas that the SDK's clients carry. */
export type Shape = { readonly traits: Traits } & (
  | { readonly kind: 'string' | 'number' | 'boolean' | 'blob' | 'document' | 'unit' }
  | { readonly kind: 'timestamp'; readonly format: 'date-time' | 'http-date' | 'epoch-seconds' | undefined }
  | { readonly kind: 'list'; readonly member: () => Shape }
  | { readonly kind: 'map'; readonly key: () => Shape; readonly value: () => Shape }
  | {
      readonly kind: 'structure';
      readonly name: string;
      readonly members: () => ReadonlyMap<string, Shape>;
      readonly required: readonly string[];
    }
);

/** The order of bits in a number that stands for traits. */
const traitBits = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
];

/** A shape of a schema as generated code writes it: a number, a tuple, or a function that returns one. */
export function shapeOf(schema: unknown, outerTraits: Traits = {}): Shape {
  const resolved = typeof schema === 'function' ? (schema as () => unknown)() : schema;
  if (Array.isArray(resolved) && resolved.length === 2) {
    return shapeOf(resolved[0], { ...traitsOf(resolved[1]), ...outerTraits });
  }
  if (typeof resolved === 'number') return simpleShape(resolved, outerTraits);
  if (resolved === 'unit') return { kind: 'unit', traits: outerTraits };
  if (!Array.isArray(resolved)) throw new Error(`no schema: ${JSON.stringify(resolved)}`);
  const [kind, , name, ownTraits, first, second, requiredCount = 0] = resolved as [
    number,
    string,
    string,
    unknown,
    unknown,
    unknown,
    number?,
  ];
  const traits = { ...traitsOf(ownTraits), ...outerTraits };
  switch (kind) {
    case 0:
      return shapeOf(first, traits);
    case 1:
      return { kind: 'list', traits, member: lazily(() => shapeOf(first)) };
    case 2:
      return { kind: 'map', traits, key: lazily(() => shapeOf(first)), value: lazily(() => shapeOf(second)) };
    case 3:
    case -3:
    case 4: {
      const names = first as string[];
      const members = lazily(() => new Map(names.map((member, at) => [member, shapeOf((second as unknown[])[at])])));
      return { kind: 'structure', traits, name, members, required: names.slice(0, requiredCount) };
    }
    default:
      throw new Error(`schema of a kind that is not known here: ${kind} ${name}`);
  }
}

/** Traits as generated code writes them. */
export function traitsOf(traits: unknown): Traits {
  if (typeof traits !== 'number') return traits as Traits;
  return Object.fromEntries(traitBits.flatMap((name, bit) => ((traits >> bit) & 1 ? [[name, 1]] : [])));
}

function simpleShape(code: number, traits: Traits): Shape {
  if (code >= 128) return { kind: 'map', traits, key: () => shapeOf(0), value: () => shapeOf(code & 63) };
  if (code >= 64) return { kind: 'list', traits, member: () => shapeOf(code & 63) };
  if (code === 0) return { kind: 'string', traits };
  if (code === 1 || code === 17 || code === 19) return { kind: 'number', traits };
  if (code === 2) return { kind: 'boolean', traits };
  if (code >= 4 && code <= 7) {
    return {
      kind: 'timestamp',
      traits,
      format: ([undefined, 'date-time', 'http-date', 'epoch-seconds'] as const)[code - 4],
    };
  }
  if (code === 15) return { kind: 'document', traits };
  if (code === 21) return { kind: 'blob', traits };
  if (code === 42) return { kind: 'blob', traits: { ...traits, streaming: 1 } };
  throw new Error(`simple schema that is not known here: ${code}`);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

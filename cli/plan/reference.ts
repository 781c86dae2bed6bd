/** A value that one step will produce and a later one consumes. Plain JSON, so plans can be saved and reviewed. */
export interface OutputReference<T> {
  readonly $ref: {
    readonly step: string;
    readonly output: string;
    /** What stands for it when the step has not come to its end, or is none of this list. @default - it has to have */
    readonly orElse?: null;
  };
  /** Type only; never present at run time. */
  readonly $type?: T;
}

/** The same shape as `T`, where any part may still be a reference to an earlier step's output. */
export type Deferred<T> =
  | OutputReference<T>
  | (T extends readonly (infer E)[]
      ? readonly Deferred<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Deferred<T[K]> }
        : T);

/** The inputs of a step: an object whose fields may be references; the object itself never is. */
export type DeferredInputs<T> = { readonly [K in keyof T]: Deferred<T[K]> };

/** A step already in the plan, with the type of what it will yield. */
export interface StepHandle<O> {
  readonly id: string;
  /** Type only; never present at run time. */
  readonly $outputs?: O;
}

export type Outputs = Readonly<Record<string, unknown>>;

/** Refers to an output of an earlier step; name and type are checked against that step's output schema. */
export function outputOf<O, K extends keyof O & string>(step: StepHandle<O>, output: K): OutputReference<O[K]> {
  return { $ref: { step: step.id, output } };
}

/** The same value, or null when a step that failed before has kept it from being: what a way back may know of the way there. */
export function ifKnown<T>(value: Deferred<T | null>): Deferred<T | null> {
  return isOutputReference(value) ? { $ref: { ...value.$ref, orElse: null } } : value;
}

function isOutputReference(value: unknown): value is OutputReference<unknown> {
  return typeof value === 'object' && value !== null && '$ref' in value;
}

/** Every reference anywhere inside a value. */
export function outputReferencesIn(value: unknown): readonly OutputReference<unknown>[] {
  if (isOutputReference(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(outputReferencesIn);
}

/** The value with every reference replaced by what the step yielded; a missing output becomes `undefined`. */
export function fillReferences(value: unknown, outputs: ReadonlyMap<string, Outputs>): unknown {
  if (isOutputReference(value)) {
    const { step, output, orElse } = value.$ref;
    const yielded = outputs.get(step);
    // Null is an output like any other.
    return yielded !== undefined && output in yielded ? yielded[output] : orElse;
  }
  if (Array.isArray(value)) return value.map((item) => fillReferences(item, outputs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillReferences(item, outputs)]));
}

/** For titles: the value when it is known already, a short pointer to its step when not. */
export function show(value: unknown): string {
  if (isOutputReference(value)) return `<${value.$ref.step}.${value.$ref.output}>`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

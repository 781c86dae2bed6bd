/** A synthesized Terraform configuration, as far as rules look into it. */
export interface Configuration {
  readonly terraform?: Readonly<Record<string, unknown>>;
  /** By type and name. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly variable?: Readonly<Record<string, Arguments>>;
  readonly output?: Readonly<Record<string, Arguments>>;
}

/** Arguments of a resource. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Addresses and arguments of the given types; without types, of all of them. */
export function resourcesOf(
  { resource = {} }: Configuration,
  ...types: readonly string[]
): readonly [string, Arguments][] {
  return Object.entries(resource)
    .filter(([type]) => types.length === 0 || types.includes(type))
    .flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]): [string, Arguments] => [`${type}.${name}`, values]),
    );
}

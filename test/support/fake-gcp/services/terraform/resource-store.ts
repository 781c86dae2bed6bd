import type { Attributes } from './resource-type.js';

/** What Terraform has made, by type and id: `world.state(resourceStore)`. */
export interface ResourceStore {
  readonly of: (type: string) => Map<string, Attributes>;
}

export function resourceStore(): ResourceStore {
  const types = new Map<string, Map<string, Attributes>>();
  return {
    of(type) {
      const known = types.get(type) ?? new Map<string, Attributes>();
      types.set(type, known);
      return known;
    },
  };
}

import type { FakeWorld } from '../../fake-world.js';

/** A key. Nothing is encrypted with it. */
export interface FakeKey {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Date;
  description: string;
  policy: string;
  isRotated: boolean;
  deletionDate: Date | undefined;
}

/** Keys and aliases. */
export interface KmsState {
  readonly keys: Map<string, FakeKey>;
  /** `alias/agentctl` → key id. */
  readonly aliases: Map<string, string>;
  readonly addKey: (description: string, policy: string) => FakeKey;
  /** By id, ARN, alias or alias ARN; keys of AWS (`alias/aws/…`) are there once asked for. */
  readonly find: (idOrAlias: string) => FakeKey | undefined;
}

export function kmsState(world: FakeWorld): KmsState {
  const state: KmsState = {
    keys: new Map(),
    aliases: new Map(),
    addKey(description, policy) {
      const id = `${world.newId(8)}-0000-4000-8000-${world.newId(12)}`;
      const arn = world.arn('kms', `key/${id}`);
      const key = { id, arn, createdAt: new Date(), description, policy, isRotated: false, deletionDate: undefined };
      state.keys.set(id, key);
      return key;
    },
    find(idOrAlias) {
      const name = idOrAlias.replace(/^arn:[^/]*:(key\/)?/, '');
      if (name.startsWith('alias/aws/') && !state.aliases.has(name)) {
        state.aliases.set(name, state.addKey(`of AWS, for ${name.slice(10)}`, '').id);
      }
      return state.keys.get(state.aliases.get(name) ?? name);
    },
  };
  return state;
}

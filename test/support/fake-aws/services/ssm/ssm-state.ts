import type { FakeWorld } from '../../fake-world.js';

/** A parameter and its last version. */
export interface FakeParameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  readonly changedAt: Date;
}

/** Parameter Store, by name. */
export type SsmState = Map<string, FakeParameter>;

export function ssmState(_world: FakeWorld): SsmState {
  return new Map();
}

import type { FakeWorld } from '../../fake-world.js';

/** A value that a secret has or had. */
export interface SecretVersion {
  readonly id: string;
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly createdAt: Date;
  /** `AWSCURRENT`, `AWSPREVIOUS`, labels of one's own. */
  readonly stages: Set<string>;
}

/** A secret with its versions. */
export interface FakeSecret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly versions: Map<string, SecretVersion>;
  description: string | undefined;
  kmsKeyId: string | undefined;
  changedAt: Date;
  /** When it will be gone; until then it can be restored. */
  deletionDate: Date | undefined;
  tags: Map<string, string>;
}

/** Secrets by name. */
export interface SecretsState {
  readonly secrets: Map<string, FakeSecret>;
  /** By name, ARN, or ARN without its six characters. */
  readonly find: (id: string) => FakeSecret | undefined;
  readonly add: (name: string) => FakeSecret;
  /** Puts a version and moves the stages to it. */
  readonly put: (
    secret: FakeSecret,
    version: Omit<SecretVersion, 'createdAt' | 'stages'>,
    stages?: readonly string[],
  ) => SecretVersion;
  /** The text of a secret's current version. */
  readonly textOf: (id: string) => string | undefined;
}

export function secretsState(world: FakeWorld): SecretsState {
  const secrets = new Map<string, FakeSecret>();
  const state: SecretsState = {
    secrets,
    find: (id) => secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id || arn.slice(0, -7) === id),
    add(name) {
      const now = new Date();
      const secret: FakeSecret = {
        name,
        arn: world.arn('secretsmanager', `secret:${name}-${world.newId(6)}`),
        createdAt: now,
        changedAt: now,
        versions: new Map(),
        description: undefined,
        kmsKeyId: undefined,
        deletionDate: undefined,
        tags: new Map(),
      };
      secrets.set(name, secret);
      return secret;
    },
    put(secret, { id, text, bytes }, stages = ['AWSCURRENT']) {
      const version: SecretVersion = { id, text, bytes, createdAt: new Date(), stages: new Set() };
      secret.versions.set(id, version);
      secret.changedAt = version.createdAt;
      for (const stage of stages) moveStage(secret, stage, version);
      return version;
    },
    textOf: (id) => [...(state.find(id)?.versions.values() ?? [])].find(({ stages }) => stages.has('AWSCURRENT'))?.text,
  };
  return state;
}

/** What was current becomes previous. */
export function moveStage(secret: FakeSecret, stage: string, version: SecretVersion): void {
  const holder = [...secret.versions.values()].find(({ stages }) => stages.has(stage));
  if (holder === version) return;
  holder?.stages.delete(stage);
  version.stages.add(stage);
  if (stage !== 'AWSCURRENT' || holder === undefined) return;
  for (const other of secret.versions.values()) other.stages.delete('AWSPREVIOUS');
  holder.stages.add('AWSPREVIOUS');
}

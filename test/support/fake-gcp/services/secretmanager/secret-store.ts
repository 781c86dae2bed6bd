import type { FakeWorld } from '../../fake-world.js';

/** A version of a secret; the data of a destroyed one is gone. */
export interface SecretVersion {
  readonly number: number;
  readonly createdAt: Date;
  state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  destroyedAt: Date | undefined;
  data: Buffer | undefined;
}

/** A secret with its versions. */
export interface Secret {
  readonly name: string;
  readonly createdAt: Date;
  readonly replication: unknown;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  readonly versions: SecretVersion[];
  /** By number or `latest`. */
  find(key: string): SecretVersion | undefined;
  add(data: Buffer): SecretVersion;
}

/** The secrets of one fake: `world.state(secretStore)`. */
export interface SecretStore {
  readonly secrets: Map<string, Secret>;
  readonly create: (
    name: string,
    options?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> },
  ) => Secret;
  /** Lets a member read versions. */
  readonly grant: (secret: string, member: string) => void;
  readonly revoke: (secret: string, member: string) => void;
  mayAccess(secret: string, member: string): boolean;
}

export function secretStore(_world: FakeWorld): SecretStore {
  const secrets = new Map<string, Secret>();
  const grants = new Set<string>();
  return {
    secrets,
    create(name, { labels = {}, annotations = {} } = {}) {
      const versions: SecretVersion[] = [];
      const secret: Secret = {
        name,
        createdAt: new Date(),
        replication: { automatic: {} },
        labels,
        annotations,
        versions,
        find: (key) => (key === 'latest' ? versions.at(-1) : versions.find(({ number }) => String(number) === key)),
        add(data) {
          const version: SecretVersion = {
            number: versions.length + 1,
            createdAt: new Date(),
            state: 'ENABLED',
            destroyedAt: undefined,
            data,
          };
          versions.push(version);
          return version;
        },
      };
      secrets.set(name, secret);
      return secret;
    },
    grant: (secret, member) => void grants.add(`${secret} ${member}`),
    revoke: (secret, member) => void grants.delete(`${secret} ${member}`),
    mayAccess: (secret, member) => grants.has(`${secret} ${member}`),
  };
}

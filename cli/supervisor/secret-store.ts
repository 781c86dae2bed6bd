import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { readStateSync, type StateFormat, writeStateSync } from '../state-file.js';
import { removeDrafts } from '../remove-drafts.js';
import { exclusively } from './exclusively.js';
import { stateLayout } from './state-layout.js';

const versioned = z.strictObject({ value: z.string(), version: z.string() });

const secretStore = z.strictObject({
  version: z.literal(1),
  /** Values agentctl made up itself, by reference: `postgres.password`. */
  generated: z.record(z.string(), z.string()),
  /** Values the user set, by secret name. */
  secrets: z.record(z.string(), z.string()),
  /** A random id for each of them that changes with the value; no secret. */
  versions: z.record(z.string(), z.string()).default({}),
  /** Values that a rotation is about to bring into use. */
  staged: z.record(z.string(), versioned).default({}),
  /** Values that a rotation has replaced and may still have to bring back. */
  replaced: z.record(z.string(), versioned).default({}),
});

/** Every secret value of one stage. Lives in `secrets.json` (0600) and in the environment of the processes that need it. */
export type SecretStore = z.output<typeof secretStore>;

/** Values that exist without the user setting them. */
export type GeneratedSecret = 'postgres.password' | 'postgres.adminPassword' | 'redis.password' | 'queue.password';

/**
 * Reads the store of a state directory; an absent file is an empty store.
 *
 * @throws AgentctlError StateUnreadable: not JSON, or of another version. Never quotes the content.
 */
export function readSecretStore(stateDirectory: string): SecretStore {
  const file = stateLayout(stateDirectory).secretsFile;
  return readStateSync(storeFormat, file) ?? storeFormat.schema.parse({ version: 1, generated: {}, secrets: {} });
}

const storeFormat: StateFormat<typeof secretStore> = {
  name: 'secret store',
  schema: secretStore,
  versionField: 'version',
  version: 1,
  fix: (file) => `restore ${file} from a backup, or move it away and set the secrets again: agentctl secrets set NAME`,
  quotable: false,
};

/** Replaces the store: 0600, fsynced, never half written. Secrets may be set before anything was deployed. */
export function writeSecretStore(stateDirectory: string, store: SecretStore): void {
  const text = `${JSON.stringify(secretStore.parse(store), null, 2)}\n`;
  const { directory, secretsFile } = stateLayout(stateDirectory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeStateSync(secretsFile, text);
}

/**
 * Changes the store; nobody else changes it meanwhile. Nothing is written when the change is none.
 *
 * @throws AgentctlError StateUnreadable; TimedOut: somebody else has been changing it for seconds
 */
export function changeSecretStore(stateDirectory: string, change: (store: SecretStore) => SecretStore): SecretStore {
  const { directory, secretsFile } = stateLayout(stateDirectory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return exclusively(`${secretsFile}.guard`, () => {
    removeDrafts(directory, (file) => file === basename(secretsFile));
    const store = readSecretStore(stateDirectory);
    const changed = change(store);
    if (changed !== store) writeSecretStore(stateDirectory, changed);
    return changed;
  });
}

/** The store with a random value (256 bits, base64url) for each of `names` that has none yet; written only if one was missing. */
export function ensureGenerated(stateDirectory: string, names: readonly GeneratedSecret[]): SecretStore {
  const isComplete = ({ generated }: SecretStore): boolean => names.every((name) => generated[name] !== undefined);
  const store = readSecretStore(stateDirectory);
  if (isComplete(store)) return store;
  const made = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]));
  return changeSecretStore(stateDirectory, (current) =>
    isComplete(current) ? current : { ...current, generated: { ...made, ...current.generated } },
  );
}

/** Sets secret values by name, and leaves the others. A value that differs gets a new version. */
export function setSecrets(stateDirectory: string, values: Readonly<Record<string, string>>): void {
  changeSecretStore(stateDirectory, (store) => {
    const changed = Object.keys(values).filter((name) => store.secrets[name] !== values[name]);
    const versions = Object.fromEntries(changed.map((name) => [name, newSecretVersion()]));
    return {
      ...store,
      secrets: { ...store.secrets, ...values },
      versions: { ...store.versions, ...versions },
    };
  });
}

/** Tells the values of a secret apart, and says nothing about them. */
export function newSecretVersion(): string {
  return randomBytes(4).toString('hex');
}

/** Every value in the store, for redaction. */
export function secretValues(store: SecretStore): readonly string[] {
  const rotating = [...Object.values(store.staged), ...Object.values(store.replaced)].map(({ value }) => value);
  return [...Object.values(store.generated), ...Object.values(store.secrets), ...rotating];
}

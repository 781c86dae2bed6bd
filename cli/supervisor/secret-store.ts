import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { AgentctlError, hasSystemCode, messageOf } from '../errors.js';
import { stateLayout } from './state-layout.js';

const secretStore = z.strictObject({
  version: z.literal(1),
  /** Values agentctl made up itself, by reference: `postgres.password`. */
  generated: z.record(z.string(), z.string()),
  /** Values the user set, by secret name. */
  secrets: z.record(z.string(), z.string()),
});

/** Every secret value of one stage. Lives in `secrets.json` (0600) and in the environment of the processes that need it. */
export type SecretStore = z.output<typeof secretStore>;

/** Values that exist without the user setting them. */
export type GeneratedSecret = 'postgres.password' | 'postgres.adminPassword' | 'redis.password' | 'fingerprint.key';

/**
 * Reads the store of a state directory; an absent file is an empty store.
 *
 * @throws AgentctlError StateUnreadable: not JSON, or of another version. Never quotes the content.
 */
export function readSecretStore(stateDirectory: string): SecretStore {
  const file = stateLayout(stateDirectory).secretsFile;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) {
      return { version: 1, generated: {}, secrets: {} };
    }
    throw unreadable(file, messageOf(error));
  }
  const parsed = secretStore.safeParse(parseJson(text));
  if (!parsed.success) throw unreadable(file, 'it is not a version 1 secret store');
  return parsed.data;
}

/** Replaces the store: 0600, fsynced, never half written. Secrets may be set before anything was deployed. */
export function writeSecretStore(stateDirectory: string, store: SecretStore): void {
  const text = `${JSON.stringify(secretStore.parse(store), null, 2)}\n`;
  const { directory, secretsFile } = stateLayout(stateDirectory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(secretsFile, text, { mode: 0o600 });
}

/** The store with a random value (256 bits, base64url) for each of `names` that has none yet; written only if one was missing. */
export function ensureGenerated(stateDirectory: string, names: readonly GeneratedSecret[]): SecretStore {
  const store = readSecretStore(stateDirectory);
  const missing = names.filter((name) => store.generated[name] === undefined);
  if (missing.length === 0) return store;
  const made = missing.map((name) => [name, randomBytes(32).toString('base64url')] as const);
  const completed = { ...store, generated: { ...store.generated, ...Object.fromEntries(made) } };
  writeSecretStore(stateDirectory, completed);
  return completed;
}

/** Sets secret values by name, and leaves the others. */
export function setSecrets(stateDirectory: string, values: Readonly<Record<string, string>>): void {
  const store = readSecretStore(stateDirectory);
  writeSecretStore(stateDirectory, { ...store, secrets: { ...store.secrets, ...values } });
}

/** Every value in the store, for redaction. */
export function secretValues(store: SecretStore): readonly string[] {
  return [...Object.values(store.generated), ...Object.values(store.secrets)];
}

/** `undefined` instead of an exception: the parser's own message would quote the content. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(file: string, reason: string): AgentctlError {
  return new AgentctlError('StateUnreadable', `cannot read the secret store ${file}: ${reason}`, {
    fix: `Move ${file} away and set the secrets again with \`agentctl secrets set\`.`,
  });
}

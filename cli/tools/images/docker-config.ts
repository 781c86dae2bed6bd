import * as z from 'zod';
import type { RegistryAccount } from './registry-auth.js';

/** Docker's own name for its registry. */
const dockerHubKey = 'https://index.docker.io/v1/';

const authEntry = z.looseObject({
  auth: z.string().optional(),
  identitytoken: z.string().optional(),
});

/** As much of a `config.json` of docker, or an `auth.json` of podman, as matters here. */
const configSchema = z.looseObject({
  auths: z.record(z.string(), authEntry).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

/** Settings of docker or podman: who is logged in where. Anything else in the file is kept as it is. */
export type DockerConfig = z.output<typeof configSchema>;

/** Pure: an empty one for a file that is not there or cannot be read as one. */
export function parseDockerConfig(text: string | undefined): DockerConfig {
  if (text === undefined) return {};
  try {
    return configSchema.catch({}).parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * Pure: the user's settings for a login of our own. What serves other registries stays: logins, helpers, the context
 * that picks the daemon. For ours the empty helper makes docker keep the password in this very file: with a helper, or
 * with none at all, it would put it into the user's key chain. Podman would run a helper of no name, and keeps it there
 * anyway.
 */
export function configForLogin(own: DockerConfig, registry: string, program: 'docker' | 'podman'): DockerConfig {
  const isOther = ([name]: readonly [string, unknown]): boolean => !isSameRegistry(name, registry);
  const helpers = Object.fromEntries(Object.entries(own.credHelpers ?? {}).filter(isOther));
  return {
    ...own,
    auths: Object.fromEntries(Object.entries(own.auths ?? {}).filter(isOther)),
    credHelpers: program === 'docker' ? { ...helpers, [configKey(registry)]: '' } : helpers,
  };
}

/** Where the account of a registry is kept. */
export type AccountSource =
  | { readonly kind: 'account'; readonly account: RegistryAccount }
  | { readonly kind: 'helper'; readonly helper: string; readonly server: string }
  | { readonly kind: 'none' };

/** Pure: where docker would look for the account of a registry. */
export function accountSource(config: DockerConfig, registry: string): AccountSource {
  const server = configKey(registry);
  const helper = config.credHelpers?.[server] ?? config.credHelpers?.[registry] ?? config.credsStore;
  if (helper !== undefined && helper !== '') return { kind: 'helper', helper, server };
  const entry = Object.entries(config.auths ?? {}).find(([name]) => isSameRegistry(name, registry))?.[1];
  if (entry === undefined) return { kind: 'none' };
  if (entry.identitytoken !== undefined && entry.identitytoken !== '') {
    return { kind: 'account', account: { username: '<token>', password: entry.identitytoken } };
  }
  const decoded = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon === -1) return { kind: 'none' };
  return { kind: 'account', account: { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) } };
}

function configKey(registry: string): string {
  return registry === 'docker.io' ? dockerHubKey : registry;
}

/** Older logins are kept under `https://registry/v1/`. */
function isSameRegistry(key: string, registry: string): boolean {
  if (key === configKey(registry)) return true;
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '') === registry;
}

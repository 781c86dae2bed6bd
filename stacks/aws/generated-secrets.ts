export { generatedPassword, passwordBytes } from '../stage/generated-password.js';
import * as z from 'zod';
import { type AgentSpec, hasSignedSearch } from '../spec/index.js';
import { type GeneratedPart, generatedParts } from './naming.js';
import { generatedUser } from '../stage/atomic-template.js';

/** Pure: the parts whose password agentctl makes up, which must be there before the foundation stack. */
export function generatedPartsOf(spec: AgentSpec): readonly GeneratedPart[] {
  const { postgres, search, cache, queue } = spec;
  const ownQueue =
    queue?.kind === 'managed' &&
    (queue.engine === 'rabbitmq' || (queue.engine === 'redis' && cache?.kind !== 'managed'));
  const parts: Readonly<Record<GeneratedPart, boolean>> = {
    postgres: postgres?.kind === 'managed',
    search: search?.kind === 'managed' && !hasSignedSearch(spec),
    cache: cache?.kind === 'managed',
    queue: ownQueue,
  };
  return generatedParts.filter((part) => parts[part]);
}

/** The JSON that a generated secret holds. */
export function generatedSecretText(part: GeneratedPart, password: string): string {
  const username = part === 'cache' ? 'default' : generatedUser;
  return JSON.stringify({ username, password, ...(part === 'postgres' ? { pooledUser: pooledUsers[0] } : {}) });
}

/**
 * Names that clients give the pooler, in turn: PgBouncer has one password per name, and while a new one comes into use the
 * old one has to do as well. The database knows neither: the pooler is its one user there.
 */
const pooledUsers = [`${generatedUser}_1`, `${generatedUser}_2`] as const;

/** What is in the secret of the database. */
const databaseLogin = z.object({
  username: z.string(),
  password: z.string(),
  pooledUser: z.string().default(pooledUsers[0]),
});

/** User and password of the database, and whom its pooler takes them from. */
export type DatabaseLogin = z.output<typeof databaseLogin>;

/** Throws an Error for a text that was not made here; it does not show it. */
export function databaseLoginOf(text: string): DatabaseLogin {
  const parsed = databaseLogin.safeParse(jsonOrUndefined(text));
  if (parsed.success) return parsed.data;
  throw new Error('the secret of the database is not JSON with username and password');
}

/** Pure: the secret of the database with another password. */
export function nextDatabaseSecretText({ username, pooledUser }: DatabaseLogin, password: string): string {
  return JSON.stringify({ username, password, pooledUser: pooledUsers.find((name) => name !== pooledUser) });
}

/**
 * Pure: PgBouncer's `auth_file`, with the user that it is itself in the database. `before`: such a text whose other users are
 * let in as well.
 */
export function poolerUsersText({ username, password, pooledUser }: DatabaseLogin, before = ''): string {
  const former = [...before.matchAll(/^"([^"]*)" "([^"]*)"$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const users = new Map<string, string>([...former, [username, password], [pooledUser, password]]);
  return [...users]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `"${name}" "${value}"`)
    .join('\n');
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

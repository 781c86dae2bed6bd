import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { AgentctlError, isAgentctlError, messageOf } from '../../errors.js';
import type { RunningProcess } from '../process/index.js';
import { type AdminConnection, asAdmin, sqlState } from './as-admin.js';
import { adminRole } from './names.js';
import { scramVerifier } from './scram-verifier.js';

/** Crash recovery replays the log first; this is for a large one on a slow disk. */
const defaultReadySeconds = 60;
const pollMilliseconds = 25;
/** https://www.postgresql.org/docs/17/errcodes-appendix.html */
const invalidPassword = '28P01';

/** What came of waiting for the server. */
export type PostgresReadiness =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'ended' };

/** What the agent needs in the server. */
export interface ApplicationDatabase {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly extensions: readonly string[];
}

/**
 * Waits until a started server takes queries.
 *
 * @throws AgentctlError TimedOut
 */
export async function waitForPostgres(
  server: RunningProcess,
  connection: AdminConnection,
  options: { readonly readyWithinSeconds?: number; readonly signal?: AbortSignal } = {},
): Promise<PostgresReadiness> {
  const { readyWithinSeconds = defaultReadySeconds } = options;
  let hasEnded = false;
  void server.ended.then(() => (hasEnded = true));
  const deadline = performance.now() + readyWithinSeconds * 1000;
  let last: unknown;
  while (performance.now() < deadline) {
    options.signal?.throwIfAborted();
    try {
      return { kind: 'ready', version: await asAdmin(connection, 'postgres', serverVersion) };
    } catch (error) {
      if (sqlState(error) === invalidPassword) return { kind: 'wrong-password' };
      last = error;
    }
    if (hasEnded) return { kind: 'ended' };
    await sleep(pollMilliseconds);
  }
  throw new AgentctlError('TimedOut', `PostgreSQL took no queries within ${readyWithinSeconds} s: ${messageOf(last)}`, {
    fix: 'Read logs/postgres/postgres.log in the state directory.',
  });
}

/** Gives the application role its password, if the role exists. */
export async function applyPassword(connection: AdminConnection, user: string, password: string): Promise<void> {
  await asAdmin(connection, 'postgres', async (client) => {
    if (!(await roleExists(client, user))) return;
    await client.query(passwordStatement(user, password));
  });
}

/** Gives a role its password, without the password in it. */
export function passwordStatement(role: string, password: string): string {
  return `ALTER ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`;
}

/**
 * Makes role, database and extensions as far as they are missing, and sets the role's password. The role owns its
 * database and is no superuser.
 *
 * @throws AgentctlError EnvironmentNotReady: an extension is not available; SpecInvalid: a name PostgreSQL does not accept
 */
export async function ensureApplicationDatabase(
  connection: AdminConnection,
  wanted: ApplicationDatabase,
): Promise<void> {
  if (wanted.user === adminRole) {
    throw new AgentctlError('SpecInvalid', `the role name "${adminRole}" belongs to agentctl`, {
      fix: 'Choose another database user.',
    });
  }
  try {
    await asAdmin(connection, 'postgres', (client) => ensureRoleAndDatabase(client, wanted));
    await asAdmin(connection, wanted.database, (client) => ensureExtensions(client, wanted.extensions));
  } catch (cause) {
    if (isAgentctlError(cause)) throw cause;
    if (sqlState(cause) === invalidPassword) {
      throw new AgentctlError(
        'EnvironmentNotReady',
        'PostgreSQL no longer knows our password: its store was removed while it ran',
        {
          fix: 'Run `agentctl destroy` (data is kept), then deploy again: the password is then reset.',
          cause,
        },
      );
    }
    if (isUnavailable(cause)) {
      throw new AgentctlError('EnvironmentNotReady', `PostgreSQL went down in the middle: ${messageOf(cause)}`, {
        fix: 'Deploy again: it is started again by itself.',
        retryable: true,
        cause,
      });
    }
    throw new AgentctlError(
      'SpecInvalid',
      `PostgreSQL refuses role "${wanted.user}" or database "${wanted.database}": ${messageOf(cause)}`,
      {
        fix: 'Correct the names under `postgres`.',
        cause,
      },
    );
  }
}

async function ensureRoleAndDatabase(client: Client, { user, password, database }: ApplicationDatabase): Promise<void> {
  const verb = (await roleExists(client, user)) ? 'ALTER' : 'CREATE';
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  await client.query(
    `${verb} ROLE ${escapeIdentifier(user)} ${attributes} PASSWORD ${escapeLiteral(scramVerifier(password))}`,
  );
  const { rows } = await client.query<{ owner: string }>(
    'SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1',
    [database],
  );
  if (rows[0] === undefined)
    await client.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(user)}`);
  else if (rows[0].owner !== user)
    await client.query(`ALTER DATABASE ${escapeIdentifier(database)} OWNER TO ${escapeIdentifier(user)}`);
}

async function ensureExtensions(client: Client, extensions: readonly string[]): Promise<void> {
  if (extensions.length === 0) return;
  const { rows } = await client.query<{ name: string }>('SELECT name FROM pg_available_extensions');
  const available = new Set(rows.map((row) => row.name));
  const missing = extensions.filter((extension) => !available.has(extension));
  if (missing.length > 0) {
    throw new AgentctlError('EnvironmentNotReady', `the local PostgreSQL has no extension ${missing.join(', ')}`, {
      fix: 'Leave the extension out of the stage you deploy here.',
      detail: `available: ${[...available].sort().join(', ')}`,
    });
  }
  for (const extension of extensions)
    await client.query(`CREATE EXTENSION IF NOT EXISTS ${escapeIdentifier(extension)} CASCADE`);
}

async function roleExists(client: Client, user: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
  return rowCount === 1;
}

/** `17.10`. */
export async function serverVersion(client: Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  // `17.10 (Debian 17.10-1.pgdg12+1)` in some images.
  return rows[0]?.server_version.split(' ')[0] ?? 'unknown';
}

/** No answer at all, or one of class 08 (connection) or 57P (operator intervention): the server is going down or coming up. */
function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  return typeof state !== 'string' || !/^[0-9A-Z]{5}$/.test(state) || /^(08|57P)/.test(state);
}

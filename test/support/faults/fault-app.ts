import { stringify } from 'yaml';
import { pgModule } from '../local-apps.js';
import { canarySecrets, rotatedSecret } from './canaries.js';

/** How the next release of the fixture agent behaves. */
export interface FaultVariant {
  /** Also the head that its migration brings the schema to. */
  readonly version: number;
  /**
   * - `crash`: ends with code 1 at its start
   * - `unfit`: ready when asked directly, not when asked through the gateway: fails after the switch
   *
   * @default good
   */
  readonly mode?: 'good' | 'crash' | 'unfit';
  /** How long build and migration take, so that there is a middle to hit. @default 80 ms */
  readonly milliseconds?: number;
  /** Build and migration take no notice of SIGINT and SIGTERM. @default false */
  readonly stubborn?: boolean;
}

/** What a careless program prints: every secret it was given, in the forms that libraries and stack traces show them in. */
const tell = `
const tell = (say) => {
  for (const name of [${canarySecrets.map(({ name }) => `'${name}'`).join(', ')}, 'DATABASE_URL', 'PGPASSWORD']) {
    const value = process.env[name];
    if (value === undefined) continue;
    const bytes = Buffer.from(value);
    say(name + ' raw ' + value);
    say(name + ' base64 ' + bytes.toString('base64') + ' ' + bytes.toString('base64url'));
    say(name + ' url ' + encodeURIComponent(value) + ' ' + new URLSearchParams({ value }));
    say(name + ' json ' + JSON.stringify({ value }));
    say(name + ' hex ' + bytes.toString('hex'));
  }
};
`;

const app = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const { default: pg } = await import(process.env.PG_MODULE);
const { version, mode = 'good' } = JSON.parse(readFileSync(new URL('variant.json', import.meta.url), 'utf8'));
${tell}
tell(console.log);
if (mode === 'crash') { console.error('cannot load the model'); process.exit(1); }
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
pool.on('error', (error) => console.error('pool: ' + error.message));
const answers = {
  '/health': (_, request) => [mode === 'unfit' && request.headers['x-forwarded-for'] !== undefined ? 503 : 200, 'health'],
  '/token': () => [200, createHash('sha256').update(process.env.${rotatedSecret}).digest('hex')],
  '/add': async (url) => {
    await pool.query('INSERT INTO notes (text) VALUES ($1)', [url.searchParams.get('text')]);
    return [200, 'added'];
  },
};
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://app');
  Promise.resolve((answers[url.pathname] ?? (() => [200, 'v' + version]))(url, request)).then(
    ([status, body]) => { response.writeHead(status, { 'content-type': 'text/plain' }); response.end(body); },
    (error) => { response.writeHead(500); response.end(String(error)); },
  );
});
process.on('SIGTERM', () => { server.close(() => pool.end().then(() => process.exit(0))); server.closeIdleConnections(); });
server.listen(Number(process.env.PORT), '127.0.0.1');
`;

/** One transaction a migration: a table of its own and its line in the list of heads, both or neither. */
const migrate = `
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const { default: pg } = await import(process.env.PG_MODULE);
const { version, milliseconds = 80, stubborn = false } = JSON.parse(readFileSync(new URL('variant.json', import.meta.url), 'utf8'));
${tell}
tell(console.log);
if (stubborn) for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)');
await client.query('CREATE TABLE IF NOT EXISTS heads (head int PRIMARY KEY)');
await client.query('BEGIN');
await client.query('LOCK TABLE heads');
const { rows } = await client.query('SELECT 1 FROM heads WHERE head = $1', [version]);
if (rows.length === 0) {
  await client.query('CREATE TABLE head_' + version + ' (id int)');
  await sleep(milliseconds);
  await client.query('INSERT INTO heads VALUES ($1)', [version]);
}
await client.query('COMMIT');
await client.end();
process.exit(0);
`;

const build = `
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const { milliseconds = 80, stubborn = false } = JSON.parse(readFileSync('variant.json', 'utf8'));
if (stubborn) for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
writeFileSync('half-built.txt', 'half');
await sleep(milliseconds);
writeFileSync('built.txt', 'built');
`;

/** The files of the agent that the fault table is run with. */
export const faultAppFiles: Readonly<Record<string, string>> = {
  'app.mjs': app,
  'migrate.mjs': migrate,
  'build.mjs': build,
};

/** What differs between the stages of the fault table. */
export interface FaultConfig {
  /** @default 1 */
  readonly replicas?: number;
  /** Of the gateway. @default - one that is free */
  readonly port?: number;
  /** @default - one that is free */
  readonly postgresPort?: number;
}

/** Its agentctl.yaml: a build, a database, a migration, every kind of secret; it waits nowhere. */
export function faultConfig(options: FaultConfig = {}): string {
  const { replicas = 1, port, postgresPort } = options;
  const secrets = canarySecrets.map(({ name }) => name);
  return stringify({
    name: 'fault-agent',
    env: {
      PG_MODULE: pgModule,
      DATABASE_URL: '${postgres.url}',
      ...Object.fromEntries(secrets.map((name) => [name, `\${secrets.${name}}`])),
    },
    secrets,
    services: {
      api: {
        command: ['node', 'app.mjs'],
        port: 8000,
        routes: [{ path: '/' }],
        health: { readiness: '/health', startupTimeout: '60s' },
        scale: { min: replicas },
        drain: '1s',
      },
    },
    migrations: { command: ['node', 'migrate.mjs'], timeout: '60s' },
    postgres: { database: 'faults' },
    clouds: {
      local: {
        runtime: 'process',
        bake: '0s',
        process: { build: [['node', 'build.mjs']] },
        ...(port === undefined ? {} : { port }),
        ...(postgresPort === undefined ? {} : { postgres: { port: postgresPort } }),
      },
    },
  });
}

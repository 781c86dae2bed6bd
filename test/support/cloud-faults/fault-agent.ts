import { stringify } from 'yaml';
import { pgModule } from '../local-apps.js';
import { canarySecrets, rotatedSecret } from '../faults/canaries.js';

/** What a careless program prints: the secret it was given. Logs of a task are the agent's own and no output of ours. */
const app = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const { default: pg } = await import(process.env.PG_MODULE);
const { version } = JSON.parse(readFileSync(new URL('variant.json', import.meta.url), 'utf8'));
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
pool.on('error', (error) => console.error('pool: ' + error.message));
const answers = {
  '/health': () => [200, 'health'],
  '/token': () => [200, createHash('sha256').update(process.env.${rotatedSecret}).digest('hex')],
  '/add': async (url) => {
    await pool.query('INSERT INTO notes (text) VALUES ($1)', [url.searchParams.get('text')]);
    return [200, 'added'];
  },
};
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://app');
  Promise.resolve((answers[url.pathname] ?? (() => [200, 'v' + version]))(url)).then(
    ([status, body]) => { response.writeHead(status, { 'content-type': 'text/plain' }); response.end(body); },
    (error) => { response.writeHead(500); response.end(String(error)); },
  );
});
process.on('SIGTERM', () => { server.close(() => pool.end().then(() => process.exit(0))); server.closeIdleConnections(); });
server.listen(8000);
`;

/** One transaction: a table of its own and its line in the list of heads, both or neither. */
const migrate = `
import { readFileSync } from 'node:fs';
const { default: pg } = await import(process.env.PG_MODULE);
const { version } = JSON.parse(readFileSync(new URL('variant.json', import.meta.url), 'utf8'));
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL)');
await client.query('CREATE TABLE IF NOT EXISTS heads (head int PRIMARY KEY)');
await client.query('BEGIN');
await client.query('LOCK TABLE heads');
const { rows } = await client.query('SELECT 1 FROM heads WHERE head = $1', [version]);
if (rows.length === 0) {
  await client.query('CREATE TABLE head_' + version + ' (id int)');
  await client.query('INSERT INTO heads VALUES ($1)', [version]);
}
await client.query('COMMIT');
console.log('agentctl-schema: faults:' + version);
await client.end();
`;

/** The files of the image of one version. */
export function faultAgentFiles(version: number): Readonly<Record<string, string>> {
  return { 'app.mjs': app, 'migrate.mjs': migrate, 'variant.json': JSON.stringify({ version }) };
}

/** Name of the agent that the fault tables of clouds are run with. */
export const faultAgent = 'fault-agent';

/** What is a cloud’s own of its file. */
export interface FaultAgentSettings {
  readonly clouds: Readonly<Record<string, object>>;
  readonly postgres?: object;
  /** @default 0.25 */
  readonly cpu?: number;
}

/** Its agentctl.yaml: a database, a migration, every kind of secret, an image that was pushed before. */
export function faultAgentConfig(image: string, { clouds, postgres, cpu = 0.25 }: FaultAgentSettings): string {
  const secrets = canarySecrets.map(({ name }) => name);
  return stringify({
    name: faultAgent,
    image: { ref: image },
    env: {
      PG_MODULE: pgModule,
      // The certificate of the fake's database is signed by nobody.
      DATABASE_URL: '${postgres.url}',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      ...Object.fromEntries(secrets.map((name) => [name, `\${secrets.${name}}`])),
    },
    secrets,
    services: {
      api: {
        command: ['node', 'app.mjs'],
        port: 8000,
        routes: [{ path: '/' }],
        health: { readiness: '/health', startupTimeout: '60s' },
        size: { cpu, memory: '512Mi' },
        scale: { min: 1, max: 2 },
        drain: '1s',
      },
    },
    migrations: { command: ['node', 'migrate.mjs'], timeout: '60s' },
    postgres: { database: 'faults', ...postgres },
    clouds,
  });
}

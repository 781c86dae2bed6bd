import { pgModule } from './local-apps.js';

/** How the agent of the stories on a cloud behaves; a part of its image. */
export interface CloudAppVariant {
  /** Told by `/` and in every log line. */
  readonly version: string;
  /**
   * - `crash`: prints why and ends with code 1
   * - `never-healthy`: answers 503 on /health
   *
   * @default good
   */
  readonly mode?: 'good' | 'crash' | 'never-healthy';
  /** What the migration writes, in one transaction; `fails` after its first change. @default - version 1 */
  readonly migration?: { readonly version: number; readonly fails?: boolean };
}

const server = `
const { createServer } = require('node:http');
const { createHash } = require('node:crypto');
const { Client } = require(${JSON.stringify(pgModule)});
const { version, mode = 'good' } = require('./variant.json');
const say = (line) => console.log('app ' + version + ': ' + line);
if (mode === 'crash') {
  say('cannot load the model');
  process.exit(1);
}
const schema = async () => {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try { return (await client.query('SELECT max(version) AS version FROM schema_version')).rows[0].version; }
  finally { await client.end(); }
};
const token = createHash('sha256').update(process.env.TOKEN ?? '').digest('hex');
const server = createServer(async (request, response) => {
  if (request.url === '/health') return void response.writeHead(mode === 'never-healthy' ? 503 : 200).end();
  if (request.url === '/') return void response.end(JSON.stringify({ version, token, release: process.env.RELEASE }));
  try { response.end(String(await schema())); } catch (error) { response.writeHead(500).end(String(error)); }
});
server.listen(8000, () => say('listens'));
process.on('SIGTERM', () => { say('asked to end'); server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

const migrate = `
const { Client } = require(${JSON.stringify(pgModule)});
const { migration = { version: 1 } } = require('./variant.json');
const main = async () => {
  console.log('migration ' + migration.version + ': begins');
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query('BEGIN');
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY)');
  await client.query('INSERT INTO schema_version VALUES ($1) ON CONFLICT DO NOTHING', [migration.version]);
  if (migration.fails) await client.query('ALTER TABLE nowhere ADD COLUMN x int');
  await client.query('COMMIT');
  await client.end();
  console.log('agentctl-schema: story:' + migration.version);
};
main().catch((error) => {
  console.error('migration ' + migration.version + ': ' + error.message);
  process.exit(3);
});
`;

/** The files of the agent: plain Node that takes `pg` from this repository. */
export function cloudAppFiles(variant: CloudAppVariant): Readonly<Record<string, string>> {
  return { 'server.js': server, 'migrate.js': migrate, 'variant.json': JSON.stringify(variant) };
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import { pushPooler } from '../../support/cloud/push-pooler.js';
import { eventually } from '../../support/eventually.js';
import { imageRegistry } from '../../support/fake-aws/services/ecr/image-registry.js';
import { rdsState } from '../../support/fake-aws/services/rds/rds-state.js';
import { s3State } from '../../support/fake-aws/services/s3/s3-state.js';
import { secretsState } from '../../support/fake-aws/services/secrets-manager/secrets-state.js';
import { pgModule } from '../../support/local-apps.js';
import { type CliResult, lastLine } from '../../support/local-cli.js';

/** Each request opens a connection: through the pooler or past it; one connection is open from the start. */
const server = `
const { createServer } = require('node:http');
const { Client } = require(${JSON.stringify(pgModule)});
const urls = { '/pooled': process.env.POOLED_URL, '/direct': process.env.DIRECT_URL };
const ask = async (client) => (await client.query('SELECT current_user AS name')).rows[0].name;
const once = async (url) => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try { return await ask(client); } finally { await client.end(); }
};
const held = new Client({ connectionString: process.env.DIRECT_URL });
held.on('error', (error) => console.log('held: ' + error.message));
const ready = held.connect();
ready.catch((error) => { console.log('no database: ' + error.message); process.exit(1); });
const server = createServer(async (request, response) => {
  try {
    await ready;
    if (request.url === '/health') await once(urls['/pooled']);
    response.end(request.url in urls ? await once(urls[request.url]) : await ask(held));
  } catch (error) { response.writeHead(500).end(String(error.message)); }
});
server.listen(8000);
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

const config = (image: string): string => `
name: turn
image: { ref: "${image}" }
env: { DIRECT_URL: "\${postgres.directUrl}", POOLED_URL: "\${postgres.url}" }
postgres: { database: agent, pooler: true }
cache: {}
services:
  api:
    command: [node, server.js]
    port: 8000
    routes: [{ path: / }]
    health: { readiness: /health, startupTimeout: 30s }
    size: { cpu: 0.25, memory: 512Mi }
    scale: { min: 1, max: 2 }
clouds: { aws: { region: eu-central-1, postgres: { urlQuery: sslmode=no-verify } } }
`;

const secretName = 'agentctl/turn/production/generated/postgres';
let project: AwsProject;
let url: string;
const said: CliResult[] = [];
const seenPasswords = new Set<string>();

async function agentctl(args: readonly string[]): Promise<CliResult> {
  const result = await project.agentctl(args);
  said.push(result);
  return result;
}

/** Of the secret that is current. */
function login(): { readonly password: string; readonly pooledUser: string } {
  const text = project.fake.world.state(secretsState).textOf(secretName) ?? '';
  const found = JSON.parse(text) as { password: string; pooledUser: string };
  seenPasswords.add(found.password);
  return found;
}

/** Whether the database takes a password now. */
async function takes(password: string): Promise<boolean> {
  const state = project.fake.world.state(rdsState);
  const [instance] = [...state.instances.values()];
  const host = state.addressOf(instance?.identifier ?? '');
  const ssl = { rejectUnauthorized: false };
  const client = new Client({ host, port: 5433, user: 'agent', database: 'agent', password, ssl });
  client.on('error', () => undefined);
  return await client.connect().then(
    async () => {
      await client.end();
      return true;
    },
    () => false,
  );
}

async function answer(path: string): Promise<string> {
  const response = await fetch(new URL(path, url));
  const text = await response.text();
  return response.ok ? text : `${response.status} ${text}`;
}

/** Asks again and again while the work is done; what was answered, each answer once. */
async function during(path: string, work: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const answers = new Set<string>();
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      answers.add(await answer(path));
      await sleep(10);
    }
  })();
  await work().finally(() => (isOver = true));
  await asking;
  return answers;
}

function users(): string {
  return project.fake.world.state(secretsState).textOf('agentctl/turn/production/composed/pooler-users') ?? '';
}

// One stage: each test goes on where the one before it has left it. 110 s, of which the first deploy is 25.
describe('the password of the database', { shuffle: false }, () => {
  beforeAll(async () => {
    project = await openAwsProject();
    const { world } = project.fake;
    await pushPooler(world, await world.state(imageRegistry), '/dev/shm');
    await project.write('agentctl.yaml', config(await project.push({ 'server.js': server }, ['node', 'server.js'])));
    await agentctl(['bootstrap', '--yes']);
    const deployed = await agentctl(['deploy', '--yes']);
    expect(deployed.stderr).toContain('turn r1 serves');
    url = lastLine(deployed.stdout);
  }, 150_000);

  afterAll(async () => await project.stop());

  test(
    'is replaced while no request through the pooler, or over an open connection, fails',
    { timeout: 180_000 },
    async () => {
      const before = login();
      const [pooled, held] = await Promise.all([
        during('/pooled', async () => {
          const rotated = await agentctl(['secrets', 'rotate', 'postgres', '--yes']);
          expect(rotated.stderr).toContain('turn r2 serves');
          expect(rotated.exitCode).toBe(0);
        }),
        during('/held', async () => await eventually(() => login().password !== before.password)),
      ]);
      expect([...pooled, ...held]).toEqual(['agent', 'agent']);
      expect(login().password).not.toBe(before.password);
      expect([await takes(before.password), await takes(login().password)]).toEqual([false, true]);
      expect(await answer('/direct')).toBe('agent');
      // What nobody has any more is of no use with the pooler either.
      expect(
        users()
          .split('\n')
          .map((line) => line.replace(login().password, 'now')),
      ).toEqual(['"agent" "now"', '"agent_2" "now"']);
      expect((await agentctl(['deploy', '--yes'])).stderr).toContain('nothing to do');
    },
  );

  test('is as before when the services do not come up with the new one', { timeout: 180_000 }, async () => {
    const before = login();
    project.fake.failResource({ resource: 'AWS::ECS::Service', action: 'update', reason: 'no capacity' });
    const failed = await agentctl(['secrets', 'rotate', 'postgres', '--yes']);
    expect(failed.exitCode).toBe(9);
    expect(failed.stderr).toContain('r2 still serves');
    expect(login()).toEqual(before);
    expect(await takes(before.password)).toBe(true);
    expect(await Promise.all(['/pooled', '/direct'].map(answer))).toEqual(['agent', 'agent']);
    expect(users()).not.toContain('agent_1');
  });

  test('is replaced by the resumed run when the first was killed in the middle', { timeout: 180_000 }, async () => {
    const before = login();
    await killedAt('ModifyDBInstance');
    expect((await agentctl(['resume', '--yes'])).exitCode).toBe(0);
    expect(login().password).not.toBe(before.password);
    expect([await takes(before.password), await takes(login().password)]).toEqual([false, true]);
    expect(await Promise.all(['/pooled', '/direct'].map(answer))).toEqual(['agent', 'agent']);
  });

  test('is the current one again when a deploy takes over instead', { timeout: 180_000 }, async () => {
    const before = login();
    await killedAt('ModifyDBInstance');
    await eventually(async () => !(await takes(before.password)));
    await project.write(
      'agentctl.yaml',
      config(await project.push({ 'server.js': `${server}\n` }, ['node', 'server.js'])),
    );
    const deployed = await agentctl(['deploy', '--yes']);
    expect(deployed.exitCode).toBe(0);
    expect(login()).toEqual(before);
    expect(await takes(before.password)).toBe(true);
    expect(await Promise.all(['/pooled', '/direct'].map(answer))).toEqual(['agent', 'agent']);
  });

  test('of another part is refused, and of none that is there is unknown', { timeout: 60_000 }, async () => {
    const cache = await agentctl(['secrets', 'rotate', 'cache', '--yes']);
    expect(cache.exitCode).toBe(4);
    expect(cache.stderr).toContain('strategy ROTATE');
    const search = await agentctl(['secrets', 'rotate', 'search', '--yes']);
    expect(search.exitCode).toBe(2);
  });

  test('is nowhere but in Secrets Manager', async () => {
    const { fake, directory } = project;
    const carriers = new Set(['CreateSecret', 'PutSecretValue', 'GetSecretValue', 'ModifyDBInstance']);
    const calls = JSON.stringify(fake.calls.filter(({ operation }) => !carriers.has(operation)));
    const objects = [...fake.world.state(s3State).buckets.values()].flatMap((bucket) =>
      [...bucket.objects.values()].flat().map(({ body }) => body.toString('utf8')),
    );
    const entries = await readdir(join(directory, '.agentctl'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const journals = await Promise.all(files.map(async (file) => await readFile(file, 'utf8')));
    const seen = [calls, ...objects, ...journals, ...said.map(({ stdout, stderr }) => stdout + stderr)];
    expect(seenPasswords.size).toBeGreaterThan(2);
    expect([...seenPasswords].filter((password) => seen.some((text) => text.includes(password)))).toEqual([]);
  });
});

/** Kills a rotation once it has made a call. */
async function killedAt(operation: string): Promise<void> {
  const count = (): number => project.fake.calls.filter((call) => call.operation === operation).length;
  const already = count();
  const run = project.start(['secrets', 'rotate', 'postgres', '--yes']);
  await eventually(() => count() > already);
  run.signal('SIGKILL');
  await run.ended;
}

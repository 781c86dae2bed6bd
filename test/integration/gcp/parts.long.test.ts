import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pushPooler } from '../../support/cloud/push-pooler.js';
import { redisInstances } from '../../support/fake-gcp/services/redis/redis.js';
import { imageRegistry } from '../../support/fake-gcp/services/registry/image-registry.js';
import { runState } from '../../support/fake-gcp/services/run/run-state.js';
import { resourceStore } from '../../support/fake-gcp/services/terraform/resource-store.js';
import { resourceTypes } from '../../support/fake-google-provider/resource-types.js';
import { type GcpProject, openGcpProject } from '../../support/gcp/gcp-project.js';
import { missingPrograms, skippedFor } from '../../support/gcp/missing-programs.js';
import { generatedValues, leaksOf, seenTexts } from '../../support/gcp/secret-leaks.js';
import { pgModule } from '../../support/local-apps.js';
import { type CliResult, lastLine } from '../../support/local-cli.js';

/** Tells who it is to the database behind the pooler, and what it was given, secrets as digests. */
const server = `
const { createServer } = require('node:http');
const { createHash } = require('node:crypto');
const { Client } = require(${JSON.stringify(pgModule)});
const { CACHE_URL = '', QUEUE, SEARCH_URL, SEARCH_PASSWORD = '' } = process.env;
const digest = (text) => createHash('sha256').update(text).digest('hex');
const user = async () => {
  const client = new Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try { return (await client.query('SELECT current_user AS name')).rows[0].name; } finally { await client.end(); }
};
const server = createServer(async (request, response) => {
  try {
    const given = { cache: digest(CACHE_URL), queue: QUEUE, search: SEARCH_URL, password: digest(SEARCH_PASSWORD) };
    response.end(JSON.stringify({ user: await user(), ...given }));
  } catch (error) { response.writeHead(500).end(String(error.message)); }
});
server.listen(8000);
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

const worker = `
console.log('worker: begins, ' + (process.env.CACHE_URL === undefined ? 'without' : 'with') + ' a cache');
setInterval(() => undefined, 1000);
process.on('SIGTERM', () => process.exit(0));
`;

const config = (image: string, cache: boolean): string => `
name: parts
image: { ref: "${image}" }
env: { QUEUE: "\${queue.url}", SEARCH_URL: "\${search.url}", SEARCH_PASSWORD: "\${search.password}"${cache ? ', CACHE_URL: "${cache.url}"' : ''} }
postgres: { database: agent, pooler: true }
search: { nodes: 3 }
${cache ? 'cache: { memory: 1Gi }' : ''}
queue: { engine: managed }
services:
  api:
    command: [node, server.js]
    env: { DATABASE_URL: "\${postgres.url}" }
    port: 8000
    routes: [{ path: / }]
    health: { readiness: /, startupTimeout: 30s }
    scale: { min: 1, max: 2 }
  worker:
    command: [node, worker.js]
    scale: { min: 1, max: 1 }
clouds: { gcp: { project: acme-test, region: europe-west3 } }
`;

let project: GcpProject;
let image: string;
let url: string;
let cachePassword: string;

const agentctl = async (args: readonly string[]): Promise<CliResult> => await project.agentctl(args);

const served = async (): Promise<unknown> => await (await fetch(url)).json();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const resources = (type: string) => project.fake.world.state(resourceStore).of(type);

// One project and one first deploy: each test goes on where the one before it has left the stage.
describe.skipIf(missingPrograms.length > 0)(
  `an agent with every part on Google Cloud${skippedFor}`,
  { shuffle: false, timeout: 3_600_000 },
  () => {
    beforeAll(async () => {
      project = await openGcpProject();
      const { world } = project.fake;
      await pushPooler(world, await world.state(imageRegistry), '/tmp');
      image = await project.push({ 'server.js': server, 'worker.js': worker }, ['node', 'server.js']);
      await project.write('agentctl.yaml', config(image, true));
      await agentctl(['bootstrap', '--yes']);
    }, 600_000);

    afterAll(async () => await project.stop());

    test('gets the address and the password of each, and the database through the pooler beside it', async () => {
      const first = await agentctl(['deploy', '--yes']);
      expect(first.stderr).toContain('parts r1 serves');
      expect(first.exitCode).toBe(0);
      url = lastLine(first.stdout);
      const [cache] = [...project.fake.world.state(redisInstances).values()];
      cachePassword = cache?.authString ?? '';
      const cacheUrl = `rediss://:${cachePassword}@${cache?.host}:6378/0?ssl_cert_reqs=none`;
      expect(await served()).toEqual({
        user: 'agent',
        cache: sha256(cacheUrl),
        queue: expect.stringMatching(/^projects\/acme-test\/topics\/parts-production-/),
        search: expect.stringMatching(/^https:\/\/search\.[a-z-]+\.internal:9200$/),
        password: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(resources('google_compute_instance').size).toBe(3);
      expect((await agentctl(['logs', 'worker'])).stdout).toContain('worker: begins, with a cache');
      expect((await agentctl(['deploy', '--yes'])).stderr).toContain('nothing to do');
    });

    test('only the service that goes through the pooler has one', () => {
      const { services, workerPools } = project.fake.world.state(runState);
      const names = [...services.values(), ...workerPools.values()].map(({ spec }) =>
        spec.template.spec.containers.map(({ name }) => name),
      );
      expect(names).toEqual([expect.arrayContaining(['pooler']), expect.not.arrayContaining(['pooler'])]);
    });

    test('a rotated password reaches the pooler as well', async () => {
      const rotated = await agentctl(['secrets', 'rotate', 'postgres', '--yes']);
      expect(rotated.stderr).toContain('parts r2 serves');
      expect(rotated.exitCode).toBe(0);
      expect(await served()).toMatchObject({ user: 'agent' });
    });

    test('a cache goes only when it is named, after the release that does without it', async () => {
      await project.write('agentctl.yaml', config(image, false));
      const refused = await agentctl(['deploy', '--yes']);
      expect(refused.stderr).toContain('google_redis_instance.Cache');
      expect(refused.exitCode).toBe(4);
      expect(project.fake.world.state(redisInstances).size).toBe(1);
      const allowed = await agentctl(['deploy', '--yes', '--allow-replace', 'google_redis_instance.Cache']);
      expect(allowed.exitCode).toBe(0);
      expect(project.fake.world.state(redisInstances).size).toBe(0);
      expect(await served()).toMatchObject({ user: 'agent', cache: sha256('') });
      expect((await agentctl(['deploy', '--yes'])).stderr).toContain('nothing to do');
    });

    // The stand-in for the provider keeps no password of a cache, which the real one has in its state (docs/gcp.md).
    test('no password or key is anywhere but in Secret Manager', async () => {
      const generated = generatedValues(project);
      expect(generated.length).toBeGreaterThan(3);
      expect(leaksOf([...generated, cachePassword], await seenTexts(project))).toEqual([]);
    });

    test('destroy --delete-data leaves nothing of any part', async () => {
      const gone = await agentctl(['destroy', '--delete-data', '--no-final-backup', '--yes']);
      expect(gone.exitCode).toBe(0);
      const { world } = project.fake;
      expect(resourceTypes.filter((type) => resources(type).size > 0)).toEqual([]);
      const { services, workerPools } = world.state(runState);
      expect([services.size, workerPools.size]).toEqual([0, 0]);
    });
  },
);

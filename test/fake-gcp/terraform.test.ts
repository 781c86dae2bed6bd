import { Client } from 'pg';
import { expect, test } from 'vitest';
import { apiClient } from '../support/fake-gcp/api-client.js';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import type { FakeGcp } from '../support/fake-gcp/fake-gcp.js';
import { pushApp } from '../support/fake-gcp/push-app.js';
import { secretStore } from '../support/fake-gcp/services/secretmanager/secret-store.js';

const app = (text: string): string => `
import { createServer } from 'node:http';
createServer((request, response) => response.end(${JSON.stringify(text)} + ' ' + process.env.KEY)).listen(process.env.PORT);
`;

function terraform(fake: FakeGcp) {
  const call = apiClient(fake);
  const path = (type: string, id: string): string => `/terraform/resources/${type}/${encodeURIComponent(id)}`;
  return {
    create: async (type: string, attributes: object, writeOnly: object = {}) => {
      const answer = await call('terraform', 'POST', `/terraform/resources/${type}`, { attributes, writeOnly });
      return { ...answer, attributes: answer.body.attributes as Record<string, never> };
    },
    read: async (type: string, id: string) => await call('terraform', 'GET', path(type, id)),
    update: async (type: string, id: string, attributes: object) =>
      await call('terraform', 'PUT', path(type, id), { attributes, writeOnly: {}, prior: {} }),
    remove: async (type: string, id: string) => await call('terraform', 'DELETE', path(type, id)),
  };
}

const account = 'web@acme-test.iam.gserviceaccount.com';

function service(image: string, revision: string, traffic?: object[]): object {
  return {
    name: 'web',
    location: 'europe-west3',
    deletion_protection: true,
    template: [
      {
        revision,
        service_account: account,
        timeout: '300s',
        scaling: [{ min_instance_count: 1, max_instance_count: 3 }],
        containers: [
          {
            name: 'app',
            image,
            ports: [{ container_port: 8000 }],
            env: [{ name: 'KEY', value_source: [{ secret_key_ref: [{ secret: 'key', version: '1' }] }] }],
            startup_probe: [{ http_get: [{ path: '/', port: 8000 }], period_seconds: 1, failure_threshold: 3 }],
          },
        ],
      },
    ],
    traffic: traffic ?? [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
  };
}

test('a load balancer leads to what serves, and with the header to the candidate', async () => {
  const fake = await fakeForTest();
  const { create, read, update, remove } = terraform(fake);
  fake.world.state(secretStore).create('key').add(Buffer.from('secret'));
  const images = [
    await pushApp(fake.world, { files: { 'main.mjs': app('one') } }),
    await pushApp(fake.world, { files: { 'main.mjs': app('two') } }),
  ] as const;

  const denied = await create('google_cloud_run_v2_service', service(images[0], 'web-r0'));
  expect(denied).toMatchObject({ status: 400, body: { error: { message: /Permission denied on secret/ } } });
  // As Google's provider does: what has failed is there, and in the state, tainted.
  expect(denied.attributes).toMatchObject({ id: 'projects/acme-test/locations/europe-west3/services/web' });
  const grant = { secret_id: 'key', role: 'roles/secretmanager.secretAccessor', member: `serviceAccount:${account}` };
  expect((await create('google_secret_manager_secret_iam_member', grant)).status).toBe(200);
  expect((await create('google_cloud_run_v2_service', service(images[0], 'web-r1'))).status).toBe(409);
  const id = 'projects/acme-test/locations/europe-west3/services/web';
  await update('google_cloud_run_v2_service', id, service(images[0], 'web-r1'));

  const address = (await create('google_compute_global_address', { name: 'web' })).attributes['address'];
  const backend = async (name: string, tag?: string): Promise<string> => {
    const run = [{ service: 'web', ...(tag === undefined ? {} : { tag }) }];
    const group = await create('google_compute_region_network_endpoint_group', { name, cloud_run: run });
    const made = await create('google_compute_backend_service', { name, backend: [{ group: group.attributes['id'] }] });
    return String(made.attributes['id']);
  };
  const [plain, candidate] = [await backend('web'), await backend('web-next', 'candidate')];
  const lane = [{ header_name: 'x-agentctl-candidate', exact_match: 'abc' }];
  const rules = [
    { priority: 10, service: plain, match_rules: [{ prefix_match: '/' }] },
    { priority: 5, service: candidate, match_rules: [{ prefix_match: '/', header_matches: lane }] },
  ];
  const map = await create('google_compute_url_map', {
    name: 'web',
    default_service: plain,
    host_rule: [{ hosts: ['*'], path_matcher: 'routes' }],
    path_matcher: [{ name: 'routes', default_service: plain, route_rules: rules }],
  });
  const proxy = await create('google_compute_target_http_proxy', { name: 'web', url_map: map.attributes['id'] });
  const rule = { name: 'web', ip_address: address, port_range: '80', target: proxy.attributes['id'] };
  await create('google_compute_global_forwarding_rule', rule);
  const ask = async (headers: Record<string, string> = {}): Promise<string> => {
    const answer = await fetch(`http://${String(address)}/`, { headers });
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await ask()).toBe('200 one secret');

  const pinned = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'web-r1', percent: 100 };
  const tagged = { ...pinned, revision: 'web-r2', percent: 0, tag: 'candidate' };
  await update('google_cloud_run_v2_service', id, service(images[1], 'web-r2', [pinned, tagged]));
  expect(await ask()).toBe('200 one secret');
  expect(await ask({ 'x-agentctl-candidate': 'abc' })).toBe('200 two secret');
  expect((await read('google_cloud_run_v2_service', id)).body.attributes).toMatchObject({
    traffic: [pinned, tagged],
    latest_ready_revision: `${id}/revisions/web-r2`,
  });
  expect((await remove('google_cloud_run_v2_service', id)).body.error.message).toMatch(/deletion_protection=false/);
  expect((await read('google_cloud_run_v2_service', 'other')).status).toBe(404);
});

test('a schedule runs its job when it is told to', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const { create } = terraform(fake);
  const image = await pushApp(fake.world, { files: { 'main.mjs': "console.log('done')" } });
  const task = { max_retries: 0, timeout: '60s', containers: [{ image }] };
  await create('google_cloud_run_v2_job', { name: 'report', template: [{ task_count: 1, template: [task] }] });
  const uri = 'https://run.googleapis.com/v2/projects/acme-test/locations/europe-west3/jobs/report:run';
  const schedule = { name: 'report', schedule: '0 3 * * *', http_target: [{ http_method: 'POST', uri }] };
  await create('google_cloud_scheduler_job', schedule);
  await call('cloudscheduler', 'POST', '/v1/projects/acme-test/locations/europe-west3/jobs/report:run', {});
  await fake.idle();
  const filter = 'resource.type="cloud_run_job" AND resource.labels.job_name="report"';
  const { body } = await call('logging', 'POST', '/v2/entries:list', { filter });
  expect(body.entries).toMatchObject([{ textPayload: 'done' }]);
});

test('a database is a PostgreSQL server: its user logs in, and it is backed up', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const { create } = terraform(fake);
  const settings = [{ tier: 'db-custom-2-8192', availability_type: 'REGIONAL' }];
  const { attributes } = await create('google_sql_database_instance', { name: 'pg', settings });
  await create('google_sql_database', { name: 'agent', instance: 'pg' });
  const user = await create('google_sql_user', { name: 'agent', instance: 'pg' }, { password_wo: 'canary' });
  expect(JSON.stringify(user.body)).not.toContain('canary');
  const host = attributes['private_ip_address'];
  const client = new Client({ host, port: 5432, user: 'agent', password: 'canary', database: 'agent' });
  await client.connect();
  expect((await client.query('SELECT current_user AS name')).rows).toEqual([{ name: 'agent' }]);
  await client.end();
  const runs = '/sql/v1beta4/projects/acme-test/instances/pg/backupRuns';
  await call('sql', 'POST', runs, { description: 'before r2' });
  await fake.idle();
  expect((await call('sql', 'GET', runs)).body.items).toMatchObject([
    { status: 'SUCCESSFUL', description: 'before r2' },
  ]);
  expect((await call('sql', 'GET', '/sql/v1beta4/projects/acme-test/instances/other')).status).toBe(404);
}, 120_000);

import { expect, test } from 'vitest';
import { apiClient } from '../support/fake-gcp/api-client.js';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import { logFilter } from '../support/fake-gcp/services/logging/log-filter.js';
import type { LogEntry } from '../support/fake-gcp/services/logging/log-store.js';

test('objects are written under the condition of their generation', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  await call('storage', 'POST', '/storage/v1/b?project=acme-test', { name: 'state', versioning: { enabled: true } });
  const write = async (text: string, generation: string) =>
    await call(
      'storage',
      'POST',
      `/upload/storage/v1/b/state/o?uploadType=media&name=a%2Flock&ifGenerationMatch=${generation}`,
      { text },
    );
  const first = await write('one', '0');
  expect(first.status).toBe(200);
  expect(await write('two', '0')).toMatchObject({
    status: 412,
    body: { error: { errors: [{ reason: 'conditionNotMet' }] } },
  });
  const second = await write('two', first.body.generation);
  expect(BigInt(second.body.generation)).toBeGreaterThan(BigInt(first.body.generation));
  expect((await call('storage', 'GET', '/storage/v1/b/state/o/a%2Flock?alt=media')).body).toEqual({ text: 'two' });
  // What Go's client reads by.
  expect((await call('storage', 'GET', '/state/a/lock')).body).toEqual({ text: 'two' });
  const stale = `/storage/v1/b/state/o/a%2Flock?ifGenerationMatch=${first.body.generation}`;
  expect((await call('storage', 'DELETE', stale)).status).toBe(412);
  const list = await call('storage', 'GET', '/storage/v1/b/state/o?prefix=a/&versions=true');
  expect(list.body.items.map(({ generation }: { generation: string }) => generation)).toEqual([
    first.body.generation,
    second.body.generation,
  ]);
  expect(
    (await call('storage', 'DELETE', `/storage/v1/b/state/o/a%2Flock?ifGenerationMatch=${second.body.generation}`))
      .status,
  ).toBe(204);
  expect((await call('storage', 'GET', '/storage/v1/b/state/o/a%2Flock')).status).toBe(404);
  expect((await call('storage', 'GET', '/storage/v1/b/other')).body.error.message).toBe(
    'The specified bucket does not exist.',
  );
});

test('an upload in a session comes in parts, also after a break', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  await call('storage', 'POST', '/storage/v1/b', { name: 'state' });
  const headers = { authorization: `Bearer ${fake.world.accessToken}` };
  const begun = await fetch(`${fake.url}/upload/storage/v1/b/state/o?uploadType=resumable&name=big`, {
    method: 'POST',
    headers,
  });
  const session = begun.headers.get('location') ?? '';
  const part = async (range: string, body: string) =>
    await fetch(session, { method: 'PUT', headers: { ...headers, 'content-range': range }, body });
  expect((await part('bytes 0-4/*', 'hello')).headers.get('range')).toBe('bytes=0-4');
  expect((await part('bytes */*', '')).status).toBe(308);
  expect((await part('bytes 5-10/11', ' world')).status).toBe(200);
  const answer = await fetch(`${fake.url}/state/big`, { headers: { ...headers, range: 'bytes=6-' } });
  expect([answer.status, await answer.text()]).toEqual([206, 'world']);
});

test('versions of secrets are added, disabled and destroyed', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const base = '/v1/projects/acme-test/secrets';
  await call('secretmanager', 'POST', `${base}?secretId=key`, { replication: { automatic: {} }, labels: { of: 'a' } });
  expect((await call('secretmanager', 'POST', `${base}?secretId=key`, {})).status).toBe(409);
  const data = Buffer.from('value').toString('base64');
  const wrong = { payload: { data, dataCrc32c: '1' } };
  expect((await call('secretmanager', 'POST', `${base}/key:addVersion`, wrong)).status).toBe(400);
  for (const _ of [1, 2]) await call('secretmanager', 'POST', `${base}/key:addVersion`, { payload: { data } });
  expect((await call('secretmanager', 'GET', `${base}/key/versions/latest:access`)).body).toMatchObject({
    name: 'projects/123456789012/secrets/key/versions/2',
    payload: { data },
  });
  await call('secretmanager', 'POST', `${base}/key/versions/1:disable`, {});
  await call('secretmanager', 'POST', `${base}/key/versions/2:destroy`, {});
  const list = await call('secretmanager', 'GET', `${base}/key/versions`);
  expect(list.body.versions.map(({ state }: { state: string }) => state)).toEqual(['DESTROYED', 'DISABLED']);
  expect((await call('secretmanager', 'GET', `${base}/key/versions/1:access`)).body.error.status).toBe(
    'FAILED_PRECONDITION',
  );
  expect((await call('secretmanager', 'GET', `${base}?filter=name:ke`)).body.totalSize).toBe(1);
});

test('faults: not carried out, or carried out and the answer lost; a token that is not ours is refused', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const base = '/v1/projects/acme-test/secrets';
  const create = { service: 'secretmanager', operation: 'projects.secrets.create' } as const;
  fake.fail({ ...create, kind: 'denied' });
  expect((await call('secretmanager', 'POST', `${base}?secretId=a`, {})).body.error.status).toBe('PERMISSION_DENIED');
  fake.fail({ ...create, kind: 'reply-lost' });
  await expect(call('secretmanager', 'POST', `${base}?secretId=a`, {})).rejects.toThrow('fetch failed');
  fake.fail({ ...create, kind: 'refused' });
  await expect(call('secretmanager', 'POST', `${base}?secretId=b`, {})).rejects.toThrow('fetch failed');
  const { body } = await call('secretmanager', 'GET', base);
  expect(body.secrets).toHaveLength(1);
  expect(fake.calls.map(({ status, isDone }) => [status, isDone])).toEqual([
    [403, false],
    [0, true],
    [0, false],
    [200, true],
  ]);
  const stranger = await fetch(`${fake.url}/-/secretmanager${base}`, { headers: { authorization: 'Bearer other' } });
  expect(stranger.status).toBe(401);
});

test('the fake does not stop in peace when it was asked for what it does not have', async () => {
  const { startFakeGcp } = await import('../support/fake-gcp/fake-gcp.js');
  const fake = await startFakeGcp();
  expect((await apiClient(fake)('run', 'GET', '/v9/nothing')).status).toBe(501);
  await expect(fake.stop()).rejects.toThrow('the fake has no run GET /v9/nothing');
});

const entry: LogEntry = {
  insertId: '1',
  logName: 'projects/p/logs/run.googleapis.com%2Fstdout',
  timestamp: '2026-01-02T03:04:05.123456Z',
  receiveTimestamp: '2026-01-02T03:04:05.123456Z',
  resource: { type: 'cloud_run_job', labels: { job_name: 'migrate' } },
  labels: { 'run.googleapis.com/execution_name': 'migrate-1' },
  severity: 'ERROR',
  textPayload: 'it broke',
};

test.each([
  ['resource.type="cloud_run_job" AND resource.labels.job_name=migrate', true],
  ['labels."run.googleapis.com/execution_name"="migrate-1"', true],
  ['(log_id("run.googleapis.com/stdout") OR log_id("run.googleapis.com/stderr")) AND severity>=WARNING', true],
  ['log_id("run.googleapis.com/stderr")', false],
  ['timestamp>="2026-01-02T03:04:05.123Z" timestamp<"2026-01-02T03:04:06Z"', true],
  ['timestamp>"2026-01-02T03:04:05.123456Z"', false],
  ['NOT textPayload:broke', false],
  ['resource.labels.job_name=("other" OR "migrate")', true],
  ['resource.labels.service_name="web"', false],
  ['textPayload=~"^it b"', true],
])('the filter %s', (filter, isTaken) => {
  expect(logFilter(filter)(entry)).toBe(isTaken);
});

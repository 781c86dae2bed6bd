import { expect, test } from 'vitest';
import { apiClient, getFrom } from '../support/fake-gcp/api-client.js';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import { pushApp } from '../support/fake-gcp/push-app.js';
import { logStore } from '../support/fake-gcp/services/logging/log-store.js';
import { runState } from '../support/fake-gcp/services/run/run-state.js';
import { secretStore } from '../support/fake-gcp/services/secretmanager/secret-store.js';

const services = '/apis/serving.knative.dev/v1/namespaces/acme-test/services';
const jobs = '/apis/run.googleapis.com/v1/namespaces/acme-test/jobs';
const executions = '/apis/run.googleapis.com/v1/namespaces/acme-test/executions';
const host = 'web-123456789012.europe-west3.run.app';

const app = (text: string): string => `
import { createServer } from 'node:http';
const server = createServer((request, response) => response.end(${JSON.stringify(text)} + (process.env.TOKEN ?? '')));
server.listen(process.env.PORT, () => console.log(JSON.stringify({ severity: 'INFO', message: 'listening' })));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

interface ServiceOptions {
  readonly image: string;
  readonly revision: string;
  readonly traffic?: readonly object[];
  readonly env?: readonly object[];
  readonly account?: string;
}

function service({ image, revision, traffic, env = [], account }: ServiceOptions): object {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: {
      template: {
        metadata: { name: revision },
        spec: {
          containers: [{ image, ports: [{ containerPort: 8000 }], env }],
          ...(account === undefined ? {} : { serviceAccountName: account }),
        },
      },
      traffic: traffic ?? [{ latestRevision: true, percent: 100 }],
    },
  };
}

test('a revision gets traffic when it is pinned, and a tag leads to it before', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const [one, two] = [
    await pushApp(fake.world, { files: { 'main.mjs': app('one') } }),
    await pushApp(fake.world, { files: { 'main.mjs': app('two') } }),
  ];
  await call('run', 'POST', services, service({ image: one, revision: 'web-r1' }));
  await fake.idle();
  expect(await getFrom(fake, host)).toEqual({ status: 200, text: 'one' });

  const pinned = [{ revisionName: 'web-r1', percent: 100 }];
  const lane = [...pinned, { revisionName: 'web-r2', tag: 'candidate' }];
  await call('run', 'PUT', `${services}/web`, service({ image: two, revision: 'web-r2', traffic: pinned }));
  await fake.idle();
  expect((await getFrom(fake, host)).text).toBe('one');
  await call('run', 'PUT', `${services}/web`, service({ image: two, revision: 'web-r2', traffic: lane }));
  await fake.idle();
  expect((await getFrom(fake, `candidate---${host}`)).text).toBe('two');
  expect((await getFrom(fake, host)).text).toBe('one');

  const moved = [{ revisionName: 'web-r2', percent: 100 }];
  await call('run', 'PUT', `${services}/web`, service({ image: two, revision: 'web-r2', traffic: moved }));
  await fake.idle();
  expect((await getFrom(fake, host)).text).toBe('two');
  const { body } = await call('run', 'GET', `${services}/web`);
  expect(body.status).toMatchObject({
    latestCreatedRevisionName: 'web-r2',
    latestReadyRevisionName: 'web-r2',
    traffic: [{ revisionName: 'web-r2', percent: 100 }],
  });
  const revision = await call('run', 'GET', '/apis/serving.knative.dev/v1/namespaces/acme-test/revisions/web-r2');
  expect(revision.body.status.imageDigest).toBe(two);
  const [line] = fake.world.state(logStore).entries;
  expect(line).toMatchObject({
    severity: 'INFO',
    jsonPayload: { message: 'listening' },
    resource: { type: 'cloud_run_revision', labels: { revision_name: 'web-r1' } },
  });
});

test.each([
  ['does not listen', 'setInterval(() => undefined, 1000);', /failed to start and listen on the port/],
  ['ends', 'process.exit(3);', /Container called exit\(3\)/],
])('a revision that %s leaves the traffic where it is', async (_what, source, message) => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const good = await pushApp(fake.world, { files: { 'main.mjs': app('good') } });
  await call('run', 'POST', services, service({ image: good, revision: 'web-r1' }));
  await fake.idle();
  const { gcpTiming } = await import('../support/fake-gcp/gcp-timing.js');
  if (!source.includes('exit')) fake.world.state(gcpTiming).longestStartupSeconds = 0.5;
  const bad = await pushApp(fake.world, { files: { 'main.mjs': source } });
  await call('run', 'PUT', `${services}/web`, service({ image: bad, revision: 'web-r2' }));
  await fake.idle();
  const { body } = await call('run', 'GET', `${services}/web`);
  expect(body.status).toMatchObject({
    latestCreatedRevisionName: 'web-r2',
    latestReadyRevisionName: 'web-r1',
    traffic: [{ revisionName: 'web-r1', percent: 100 }],
  });
  const ready = body.status.conditions.find(({ type }: { type: string }) => type === 'Ready');
  expect(ready).toMatchObject({ status: 'False', message: expect.stringMatching(message) });
  expect((await getFrom(fake, host)).text).toBe('good');
});

test('a revision has the versions of secrets that it names, as far as its account may read them', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const secrets = fake.world.state(secretStore);
  const token = secrets.create('token');
  token.add(Buffer.from('-v1'));
  token.add(Buffer.from('-v2'));
  const env = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: '1' } } }];
  const image = await pushApp(fake.world, { files: { 'main.mjs': app('web') } });
  const account = 'web@acme-test.iam.gserviceaccount.com';
  await call('run', 'POST', services, service({ image, revision: 'web-r1', env, account }));
  await fake.idle();
  const denied = await call('run', 'GET', `${services}/web`);
  expect(denied.body.status.conditions[0].message).toMatch(
    /Permission denied on secret: .*secrets\/token\/versions\/1/,
  );
  secrets.grant('token', `serviceAccount:${account}`);
  await call('run', 'PUT', `${services}/web`, service({ image, revision: 'web-r2', env, account }));
  await fake.idle();
  expect((await getFrom(fake, host)).text).toBe('web-v1');
});

test('a revision never changes, and who changed a service meanwhile is not overwritten', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const image = await pushApp(fake.world, { files: { 'main.mjs': app('web') } });
  await call('run', 'POST', services, service({ image, revision: 'web-r1' }));
  await fake.idle();
  const other = service({ image, revision: 'web-r1', env: [{ name: 'A', value: 'b' }] });
  expect((await call('run', 'PUT', `${services}/web`, other)).status).toBe(409);
  const { body } = await call('run', 'GET', `${services}/web`);
  await call('run', 'PUT', `${services}/web`, body);
  const stale = await call('run', 'PUT', `${services}/web`, body);
  expect(stale).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
  expect(fake.world.state(runState).services.get('web')?.revisions.size).toBe(1);
});

test('a job runs to its end, is tried again, can be given variables and be cancelled', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const source = `
    console.log('attempt', process.env.CLOUD_RUN_TASK_ATTEMPT, process.env.MODE ?? 'none');
    if (process.env.MODE === 'wait') setInterval(() => undefined, 1000);
    else process.exit(process.env.MODE === 'fail' || process.env.CLOUD_RUN_TASK_ATTEMPT === '0' ? 4 : 0);
  `;
  const image = await pushApp(fake.world, { files: { 'main.mjs': source } });
  const spec = { containers: [{ image }], maxRetries: 1, timeoutSeconds: '60' };
  const document = { metadata: { name: 'migrate' }, spec: { template: { spec: { template: { spec } } } } };
  await call('run', 'POST', jobs, document);
  const run = async (mode?: string): Promise<string> => {
    const env = mode === undefined ? [] : [{ name: 'MODE', value: mode }];
    const { body } = await call('run', 'POST', `${jobs}/migrate:run`, { overrides: { containerOverrides: [{ env }] } });
    return body.metadata.name;
  };
  const completed = async (name: string) => {
    const { body } = await call('run', 'GET', `${executions}/${name}`);
    return body.status.conditions.find(({ type }: { type: string }) => type === 'Completed');
  };
  const [good, bad] = [await run(), await run('fail')];
  await fake.idle();
  expect(await completed(good)).toMatchObject({ status: 'True' });
  expect(await completed(bad)).toMatchObject({ status: 'False', reason: 'NonZeroExitCode' });
  const path = `/apis/run.googleapis.com/v1/namespaces/acme-test/tasks?labelSelector=run.googleapis.com/execution=${bad}`;
  const tasks = await call('run', 'GET', path);
  expect(tasks.body.items[0].status).toMatchObject({ retried: 1, lastAttemptResult: { exitCode: 4 } });

  const waiting = await run('wait');
  await expect
    .poll(() => fake.world.state(logStore).entries.some(({ textPayload }) => textPayload === 'attempt 0 wait'))
    .toBe(true);
  await call('run', 'POST', `${executions}/${waiting}:cancel`, {});
  await fake.idle();
  expect(await completed(waiting)).toMatchObject({ status: 'False', reason: 'Cancelled' });
});

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openGcpTools } from '../../../../cli/tools/gcp/open-gcp-tools.js';
import { apiClient } from '../../../support/fake-gcp/api-client.js';
import { fakeForTest } from '../../../support/fake-gcp/fake-for-test.js';
import { pushApp } from '../../../support/fake-gcp/push-app.js';

/** The gcloud on the PATH against the fake: what is proven here is that both understand each other's words. */
const hasGcloud = ((): boolean => {
  try {
    execFileSync('gcloud', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const skipped = hasGcloud ? '' : ' (skipped: gcloud is not on the PATH)';
const { signal } = new AbortController();
const labels = { 'agentctl-name': 'demo', 'agentctl-stage': 'prod' };

async function opened() {
  const fake = await fakeForTest();
  const environment = { PATH: process.env['PATH'] ?? '', HOME: fake.world.directory, ...fake.environment() };
  const masked: string[] = [];
  const tools = openGcpTools({
    environment,
    project: 'acme-test',
    region: 'europe-west3',
    stateBucket: 'agentctl-state-acme-test',
    pollSeconds: 0.2,
    mask: (values) => masked.push(...values),
  });
  return { fake, tools, masked };
}

test.skipIf(!hasGcloud)(`secrets by the real gcloud${skipped}`, { timeout: 600_000 }, async () => {
  const { tools, masked } = await opened();
  const { secrets } = tools;
  const value = 'canary+/= with\nlines\n';
  expect(await secrets.put({ name: 'agentctl-demo-prod-secrets-KEY', value, labels }, signal)).toBe('1');
  expect(await secrets.put({ name: 'agentctl-demo-prod-secrets-KEY', value: 'two', labels }, signal)).toBe('2');
  expect(await secrets.read('agentctl-demo-prod-secrets-KEY', signal, '1')).toBe(value);
  expect(await secrets.list('agentctl-demo-prod-secrets-', signal)).toEqual(['agentctl-demo-prod-secrets-KEY']);
  await secrets.disable('agentctl-demo-prod-secrets-KEY', '2', signal);
  expect(await secrets.current('agentctl-demo-prod-secrets-KEY', signal)).toBe('1');
  await secrets.enable('agentctl-demo-prod-secrets-KEY', '2', signal);
  expect(await secrets.current('agentctl-demo-prod-secrets-KEY', signal)).toBe('2');
  expect(await secrets.read('nothing', signal)).toBeUndefined();
  expect(masked).toContain(value);
});

const main = `
import { createServer } from 'node:http';
const server = createServer((request, response) => response.end('ok'));
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

test.skipIf(!hasGcloud)(`services, traffic and tags by the real gcloud${skipped}`, { timeout: 600_000 }, async () => {
  const { fake, tools } = await opened();
  const call = apiClient(fake);
  const image = await pushApp(fake.world, { files: { 'main.mjs': main } });
  const path = '/apis/serving.knative.dev/v1/namespaces/acme-test/services';
  const service = (revision: string, traffic: readonly object[]) => ({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: {
      template: { metadata: { name: revision }, spec: { containers: [{ image, ports: [{ containerPort: 8000 }] }] } },
      traffic,
    },
  });
  await call('run', 'POST', path, service('web-r1-aaaaaa', [{ latestRevision: true, percent: 100 }]));
  await fake.idle();
  expect(await tools.services.state('service', 'gone', signal)).toBeUndefined();
  expect(await tools.services.state('service', 'web', signal)).toMatchObject({
    name: 'web',
    latestReady: 'web-r1-aaaaaa',
    traffic: [{ revision: 'web-r1-aaaaaa', percent: 100, isLatest: true }],
  });
  await tools.services.moveTraffic({ kind: 'service', name: 'web', to: { 'web-r1-aaaaaa': 100 }, signal });
  await call('run', 'PUT', `${path}/web`, service('web-r2-bbbbbb', [{ revisionName: 'web-r1-aaaaaa', percent: 100 }]));
  await fake.idle();
  await tools.services.setTag('web', 'candidate', 'web-r2-bbbbbb', signal);
  const to = { 'web-r2-bbbbbb': 10, 'web-r1-aaaaaa': 90 };
  await tools.services.moveTraffic({ kind: 'service', name: 'web', to, signal });
  const { traffic = [] } = (await tools.services.state('service', 'web', signal)) ?? {};
  expect(
    Object.fromEntries(traffic.filter((one) => one.percent > 0).map((one) => [one.revision, one.percent])),
  ).toEqual(to);
  expect(traffic.find(({ tag }) => tag === 'candidate')?.revision).toBe('web-r2-bbbbbb');
  expect(await tools.services.revision('service', 'web-r2-bbbbbb', signal)).toMatchObject({
    digest: image.slice(image.indexOf('@') + 1),
    condition: { state: 'true' },
  });
  await tools.services.setTag('web', 'candidate', null, signal);
  await tools.services.remove('service', 'web', signal);
  expect(await tools.services.state('service', 'web', signal)).toBeUndefined();
});

test.skipIf(!hasGcloud)(`a worker pool by the real gcloud and by REST${skipped}`, { timeout: 600_000 }, async () => {
  const { fake, tools } = await opened();
  const { services } = tools;
  const call = apiClient(fake);
  const image = await pushApp(fake.world, { files: { 'main.mjs': 'setInterval(() => undefined, 1000);' } });
  const path = '/apis/run.googleapis.com/v1/namespaces/acme-test/workerpools';
  const pool = (revision: string, instanceSplits: readonly object[]) => ({
    apiVersion: 'run.googleapis.com/v1',
    kind: 'WorkerPool',
    metadata: { name: 'jobs', annotations: { 'run.googleapis.com/manualInstanceCount': '2' } },
    spec: { template: { metadata: { name: revision }, spec: { containers: [{ image }] } }, instanceSplits },
  });
  await call('run', 'POST', path, pool('jobs-r1-aaaaaa', [{ latestRevision: true, percent: 100 }]));
  await fake.idle();
  expect(await services.state('worker', 'gone', signal)).toBeUndefined();
  expect(await services.revision('worker', 'gone', signal)).toBeUndefined();
  expect(await services.state('worker', 'jobs', signal)).toMatchObject({
    name: 'jobs',
    latestReady: 'jobs-r1-aaaaaa',
    traffic: [{ revision: 'jobs-r1-aaaaaa', percent: 100, isLatest: true }],
  });
  await services.moveTraffic({ kind: 'worker', name: 'jobs', to: { 'jobs-r1-aaaaaa': 100 }, signal });
  await call('run', 'PUT', `${path}/jobs`, pool('jobs-r2-bbbbbb', [{ revisionName: 'jobs-r1-aaaaaa', percent: 100 }]));
  await fake.idle();
  expect(await services.revision('worker', 'jobs-r2-bbbbbb', signal)).toMatchObject({
    digest: image.slice(image.indexOf('@') + 1),
    condition: { state: 'true' },
  });
  await services.moveTraffic({ kind: 'worker', name: 'jobs', to: { 'jobs-r2-bbbbbb': 100 }, signal });
  expect((await services.state('worker', 'jobs', signal))?.traffic).toEqual([
    { revision: 'jobs-r2-bbbbbb', percent: 100, tag: null, isLatest: false },
  ]);
  await expect(
    services.moveTraffic({ kind: 'worker', name: 'jobs', to: { 'jobs-r3-cccccc': 100 }, signal }),
  ).rejects.toMatchObject({ code: 'ToolFailed', message: expect.stringContaining('jobs-r3-cccccc') as string });
  await services.remove('worker', 'jobs', signal);
  await services.remove('worker', 'jobs', signal);
  expect(await services.state('worker', 'jobs', signal)).toBeUndefined();
});

test.skipIf(!hasGcloud)(`a job like a revision by the real gcloud${skipped}`, { timeout: 600_000 }, async () => {
  const { fake, tools } = await opened();
  const image = await pushApp(fake.world, { files: { 'main.mjs': 'console.log("from the job"); process.exit(3);' } });
  const like = { annotations: {}, spec: { containers: [{ image, env: [{ name: 'A', value: 'b' }], resources: {} }] } };
  await tools.jobs.create({ job: 'once', like, command: ['node', 'main.mjs'], timeoutSeconds: 60, labels, signal });
  const execution = await tools.jobs.execute({ job: 'once', attempt: 'run-1', signal });
  expect(await tools.jobs.execute({ job: 'once', attempt: 'run-1', signal })).toMatchObject({ job: 'once' });
  const ended = await tools.jobs.wait({ execution: execution.name, signal });
  expect(ended).toMatchObject({ attempt: 'run-1', exitCode: 3, condition: { state: 'false' } });
  await tools.jobs.remove('once', signal);
  await tools.jobs.remove('once', signal);
});

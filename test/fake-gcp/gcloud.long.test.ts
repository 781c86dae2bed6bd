import { expect, test } from 'vitest';
import { apiClient, getFrom } from '../support/fake-gcp/api-client.js';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import { gcloud, hasGcloud } from '../support/fake-gcp/gcloud.js';
import { pushApp } from '../support/fake-gcp/push-app.js';

const region = '--region=europe-west3';
const host = 'web-123456789012.europe-west3.run.app';
const namespace = '/namespaces/acme-test';
const app = (text: string): string =>
  `import { createServer } from 'node:http'; createServer((q, r) => r.end('${text}')).listen(process.env.PORT);`;

if (!hasGcloud) console.warn('skipped: gcloud is not on the PATH');

test.skipIf(!hasGcloud)('gcloud moves traffic and tags, and sees what a revision runs', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const images = [
    await pushApp(fake.world, { files: { 'main.mjs': app('one') } }),
    await pushApp(fake.world, { files: { 'main.mjs': app('two') } }),
  ] as const;
  const services = `/apis/serving.knative.dev/v1${namespace}/services`;
  const service = (image: string, name: string): object => ({
    metadata: { name: 'web' },
    spec: {
      template: { metadata: { name }, spec: { containers: [{ image, ports: [{ containerPort: 8000 }] }] } },
      traffic: [{ revisionName: 'web-r1', percent: 100 }],
    },
  });
  await call('run', 'POST', services, service(images[0], 'web-r1'));
  await call('run', 'PUT', `${services}/web`, service(images[1], 'web-r2'));
  await fake.idle();
  const move = ['run', 'services', 'update-traffic', 'web', region];
  const tagged = await gcloud(fake, [...move, '--update-tags=candidate=web-r2']);
  expect(tagged.exitCode, tagged.stderr).toBe(0);
  expect((await getFrom(fake, `candidate---${host}`)).text).toBe('two');
  expect((await getFrom(fake, host)).text).toBe('one');
  const moved = await gcloud(fake, [...move, '--to-revisions=web-r2=100']);
  expect(moved.exitCode, moved.stderr).toBe(0);
  expect((await getFrom(fake, host)).text).toBe('two');
  const { json } = await gcloud(fake, ['run', 'services', 'describe', 'web', region]);
  expect(json.status).toMatchObject({ latestReadyRevisionName: 'web-r2', url: `https://${host}` });
  const revisions = await gcloud(fake, ['run', 'revisions', 'list', '--service=web', region]);
  expect(revisions.json.map((one: { status: { imageDigest: string } }) => one.status.imageDigest)).toEqual(
    images.toReversed(),
  );
  const missing = await gcloud(fake, [...move, '--to-revisions=web-r9=100']);
  expect(missing.exitCode).not.toBe(0);
  expect((await getFrom(fake, host)).text).toBe('two');
});

test.skipIf(!hasGcloud)('gcloud runs jobs, reads what they print, and how they ended', async () => {
  const fake = await fakeForTest();
  const call = apiClient(fake);
  const source = `console.log('ran', process.env.MODE); process.exit(process.env.MODE === 'bad' ? 3 : 0);`;
  const image = await pushApp(fake.world, { files: { 'main.mjs': source } });
  const task = { containers: [{ image }], maxRetries: 0, timeoutSeconds: 60 };
  const document = { metadata: { name: 'migrate' }, spec: { template: { spec: { template: { spec: task } } } } };
  await call('run', 'POST', `/apis/run.googleapis.com/v1${namespace}/jobs`, document);
  const execute = ['run', 'jobs', 'execute', 'migrate', region];
  const good = await gcloud(fake, [...execute, '--wait', '--update-env-vars=MODE=good']);
  expect(good.exitCode, good.stderr).toBe(0);
  const bad = await gcloud(fake, [...execute, '--wait', '--update-env-vars=MODE=bad']);
  expect(bad.exitCode).toBe(1);
  expect(bad.stderr).toContain('The execution failed.');
  const found = await gcloud(fake, ['run', 'jobs', 'executions', 'list', '--job=migrate', region]);
  const [{ metadata }] = found.json;
  const tasks = await gcloud(fake, [
    'run',
    'jobs',
    'executions',
    'tasks',
    'list',
    `--execution=${metadata.name}`,
    region,
  ]);
  expect(tasks.json[0].status.lastAttemptResult.exitCode).toBe(3);
  const filter = `resource.type="cloud_run_job" AND labels."run.googleapis.com/execution_name"="${metadata.name}"`;
  const lines = await gcloud(fake, ['logging', 'read', filter, '--order=asc', '--freshness=7d']);
  expect(lines.json.map((line: { textPayload: string }) => line.textPayload)).toEqual(['ran bad']);
});

test.skipIf(!hasGcloud)('gcloud keeps secrets, the state bucket, images, and knows the project', async () => {
  const fake = await fakeForTest();
  const ok = async (words: readonly string[], input?: string) => {
    const result = await gcloud(fake, words, input);
    expect(result.exitCode, `${words.join(' ')}: ${result.stderr}`).toBe(0);
    return result.json;
  };
  await ok(['secrets', 'create', 'key', '--replication-policy=automatic', '--labels=of=agent']);
  await ok(['secrets', 'versions', 'add', 'key', '--data-file=-'], 'canary');
  const { payload } = await ok(['secrets', 'versions', 'access', '1', '--secret=key']);
  expect(Buffer.from(payload.data, 'base64').toString()).toBe('canary');

  const bucket = 'gs://agentctl-state-acme-test';
  const settings = ['--uniform-bucket-level-access', '--public-access-prevention', '--soft-delete-duration=7d'];
  await ok(['storage', 'buckets', 'create', bucket, '--location=europe-west3', ...settings]);
  await ok(['storage', 'buckets', 'update', bucket, '--versioning', ...settings]);
  expect(await ok(['storage', 'buckets', 'describe', bucket, '--raw'])).toMatchObject({
    location: 'EUROPE-WEST3',
    versioning: { enabled: true },
    iamConfiguration: { publicAccessPrevention: 'enforced', uniformBucketLevelAccess: { enabled: true } },
  });

  const image = await pushApp(fake.world, { files: { 'main.mjs': app('one') }, tags: ['v1'] });
  const repository = 'europe-west3-docker.pkg.dev/acme-test/tests';
  const images = await ok(['artifacts', 'docker', 'images', 'list', repository, '--include-tags']);
  expect(images).toMatchObject([{ package: `${repository}/app`, version: image.split('@')[1] }]);
  expect(await ok(['projects', 'describe', 'acme-test'])).toMatchObject({ projectNumber: '123456789012' });
});

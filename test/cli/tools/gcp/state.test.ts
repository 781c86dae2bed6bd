import { expect, onTestFinished, test } from 'vitest';
import { googleRest } from '../../../../cli/tools/gcp/gcloud/google-rest.js';
import { openState } from '../../../../cli/tools/gcp/state/open-state.js';
import { storageEndpoint } from '../../../../cli/tools/gcp/state/storage-endpoint.js';
import { startStorage } from '../../../support/gcp/storage-server.js';

const { signal } = new AbortController();

async function state({ bucketName = 'agentctl-state-acme', projectNumber = '1', tokens = ['ya29.test'] } = {}) {
  const storage = await startStorage('agentctl-state-acme', projectNumber);
  onTestFinished(async () => void (await storage.stop()));
  let used = 0;
  const rest = googleRest({
    project: 'acme',
    backoffSeconds: 0.001,
    tokens: {
      current: async () => await Promise.resolve(tokens[Math.min(used, tokens.length - 1)] ?? ''),
      forget: () => void (used += 1),
    },
  });
  const identity = { project: 'acme', projectNumber: '1', account: null, region: 'us-central1' };
  const endpoint = storageEndpoint({ CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${storage.url}/storage/v1/` });
  const account = { identity: async () => await Promise.resolve(identity) };
  return { storage, tools: openState({ rest, account, endpoint, bucketName }) };
}

test('an object is made once, replaced and removed only as long as it is what was read', async () => {
  const { tools } = await state();
  const { objects } = tools;
  const key = 'demo/prod/lock.json';
  const version = await objects.create(key, '{"a":1}');
  expect(version).toBe('101');
  expect(await objects.create(key, '{"a":2}')).toBeUndefined();
  expect(await objects.read(key)).toMatchObject({ version, modifiedAt: 0 });
  expect(await objects.replace(key, '{"a":3}', '7')).toBeUndefined();
  expect(await objects.replace(key, '{"a":3}', version ?? '')).toBe('102');
  expect(new TextDecoder().decode((await objects.read(key))?.bytes)).toBe('{"a":3}');
  expect(await objects.remove(key, version ?? '')).toBe(false);
  expect(await objects.remove(key, '102')).toBe(true);
  expect(await objects.remove(key, '102')).toBe(false);
  expect(await objects.read(key)).toBeUndefined();
  expect(objects.place(key)).toBe('gs://agentctl-state-acme/demo/prod/lock.json');
});

test('a list has every page, in order', async () => {
  const { tools } = await state();
  for (const id of ['r3', 'r1', 'r2', 'r4', 'r5']) await tools.objects.write(`demo/prod/releases/${id}.json`, id);
  await tools.objects.write('demo/other/releases/r1.json', '');
  const keys = (await tools.objects.list('demo/prod/releases/')).map(({ key }) => key.slice(-7, -5));
  expect(keys).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
});

test('what passes is tried again, and a token that has run out is replaced', async () => {
  const { storage, tools } = await state({ tokens: ['ya29.old', 'ya29.test'] });
  storage.failures.push(503, 429);
  expect(await tools.objects.create('k', 'v')).toBe('101');
});

test('a bucket that is not there says how to make it; one of somebody else is not used', async () => {
  const { tools } = await state({ bucketName: 'agentctl-state-other' });
  expect(await tools.exists(signal)).toBe(false);
  await expect(tools.objects.read('k')).rejects.toMatchObject({ code: 'EnvironmentNotReady' });
  const foreign = await state({ projectNumber: '666' });
  await expect(foreign.tools.exists(signal)).rejects.toMatchObject({ code: 'Refused' });
});

test('the endpoint is that of gcloud', () => {
  expect(storageEndpoint({}).upload).toBe('https://storage.googleapis.com/upload/storage/v1');
  const override = { CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: 'http://127.0.0.1:9/' };
  expect(storageEndpoint(override).api).toBe('http://127.0.0.1:9/storage/v1');
});

import { expect, test } from 'vitest';
import { registryClient, type RegistryClientOptions } from '../../../../cli/tools/images/registry-client.js';
import { registryServer } from '../../../support/registry-server.js';

const never = new AbortController().signal;
const ann = { username: 'ann', password: 'open sesame' };

function clientOf(registry: string, options: Partial<RegistryClientOptions> = {}) {
  return registryClient({ registry, repository: 'team/app', access: 'pull', signal: never, ...options });
}

test('a tag is found by its digest, with platform and labels', async () => {
  const server = await registryServer();
  const digest = server.addImage('v1', { platform: 'linux/arm64', labels: { a: 'b' } });
  const client = clientOf(server.host);

  expect(await client.digestOf('v1')).toBe(digest);
  expect(await client.image('v1')).toEqual({ digest, variants: [{ platform: 'linux/arm64', labels: { a: 'b' } }] });
  expect(await client.image(digest)).toMatchObject({ digest });
});

test('what is not there is undefined', async () => {
  const client = clientOf((await registryServer()).host);

  expect(await client.digestOf('v1')).toBeUndefined();
  expect(await client.image('v1')).toBeUndefined();
});

test('an index tells its platforms, without attestations and without a request for each', async () => {
  const server = await registryServer();
  const amd = server.addImage('amd', { platform: 'linux/amd64' });
  const arm = server.addImage('arm', { platform: 'linux/arm64' });
  const digest = server.addIndex('v1', [
    { digest: amd, platform: 'linux/amd64' },
    { digest: arm, platform: 'linux/arm64' },
    { digest: amd, platform: 'unknown/unknown' },
  ]);

  const image = await clientOf(server.host).image('v1');

  expect(image).toEqual({
    digest,
    variants: [
      { platform: 'linux/amd64', labels: {} },
      { platform: 'linux/arm64', labels: {} },
    ],
  });
  expect(server.requests).toEqual(['GET /v2/team/app/manifests/v1']);
});

test('an index of one platform and its attestation tells the labels too', async () => {
  const server = await registryServer();
  const only = server.addImage('only', { platform: 'linux/amd64', labels: { a: 'b' } });
  const digest = server.addIndex('v1', [
    { digest: only, platform: 'linux/amd64' },
    { digest: only, platform: 'unknown/unknown' },
  ]);

  expect(await clientOf(server.host).image('v1')).toEqual({
    digest,
    variants: [{ platform: 'linux/amd64', labels: { a: 'b' } }],
  });
});

test('an image gets another tag without being pushed', async () => {
  const server = await registryServer();
  const digest = server.addImage('v1', { platform: 'linux/amd64' });

  await clientOf(server.host).tag(digest, 'v2');

  expect(server.tags.get('v2')).toBe(digest);
});

test('a registry with passwords is answered', async () => {
  const server = await registryServer({ kind: 'basic', ...ann });
  const digest = server.addImage('v1', { platform: 'linux/amd64' });

  expect(await clientOf(server.host, { account: ann }).digestOf('v1')).toBe(digest);
});

test('a registry with tokens is asked for one, once, for what will be done', async () => {
  const server = await registryServer({ kind: 'bearer', ...ann });
  const digest = server.addImage('v1', { platform: 'linux/amd64' });
  const client = clientOf(server.host, { account: ann, access: 'pull,push' });

  expect(await client.digestOf('v1')).toBe(digest);
  expect(await client.image('v1')).toMatchObject({ digest });
  expect(server.scopes).toEqual(['repository:team/app:pull,push']);
});

test.each([
  ['basic', undefined],
  ['basic', { username: 'ann', password: 'wrong' }],
  ['bearer', undefined],
  ['bearer', { username: 'ann', password: 'wrong' }],
] as const)('a %s registry that does not let %j in says how to log in', async (kind, account) => {
  const server = await registryServer({ kind, ...ann });

  await expect(clientOf(server.host, { account }).digestOf('v1')).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: `the registry ${server.host} answered 401`,
    fix: expect.stringContaining(`docker login ${server.host}`) as string,
    retryable: false,
  });
});

test('what was said by whom that is overloaded may be tried again, and then works', async () => {
  const server = await registryServer();
  const digest = server.addImage('v1', { platform: 'linux/amd64' });
  const client = clientOf(server.host);

  for (const status of [429, 500, 502, 503]) {
    server.fail(status);
    await expect(client.digestOf('v1')).rejects.toMatchObject({ code: 'BuildFailed', retryable: true });
  }
  expect(await client.digestOf('v1')).toBe(digest);
});

test.each([
  [507, ''],
  [500, '{"errors":[{"code":"UNKNOWN","detail":{"Err":"write /data: no space left on device"}}]}'],
])('a registry without room (%d %s) is told as that, and not tried again', async (status, body) => {
  const server = await registryServer();
  server.fail(status, body);

  await expect(clientOf(server.host).image('v1')).rejects.toMatchObject({
    code: 'BuildFailed',
    message: `the registry ${server.host} has no room left`,
    retryable: false,
  });
});

test('a registry that is not there may come back', async () => {
  await expect(clientOf('127.0.0.1:1').digestOf('v1')).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: expect.stringMatching(/^cannot reach the registry 127\.0\.0\.1:1: .+/) as string,
    retryable: true,
  });
});

test('a page of a proxy is no image', async () => {
  const server = await registryServer();
  server.fail(200, '<html>log in to the network</html>');

  await expect(clientOf(server.host).image('v1')).rejects.toMatchObject({ code: 'BuildFailed', retryable: false });
});

test('an interrupted request ends as an interrupt', async () => {
  const server = await registryServer();

  await expect(clientOf(server.host, { signal: AbortSignal.abort() }).digestOf('v1')).rejects.toMatchObject({
    code: 'Interrupted',
  });
});

import { expect, test } from 'vitest';
import { buildFailure } from '../../../../cli/tools/images/build-failure.js';
import { parseInspected } from '../../../../cli/tools/images/local-image.js';
import { platformRefusal } from '../../../../cli/tools/images/platform-refusal.js';
import { pushedDigest } from '../../../../cli/tools/images/push-command.js';
import { pushFailure } from '../../../../cli/tools/images/registry-failure.js';

test.each([
  ['unauthorized: authentication required', 'EnvironmentNotReady', false],
  ['denied: requested access to the resource is denied', 'EnvironmentNotReady', false],
  ['no basic auth credentials', 'EnvironmentNotReady', false],
  ['unauthorized: incorrect username or password', 'EnvironmentNotReady', false],
  [
    'Error response from daemon: login attempt to http://x/v2/ failed with status: 401 Unauthorized',
    'EnvironmentNotReady',
    false,
  ],
  ['toomanyrequests: You have reached your rate limit', 'BuildFailed', true],
  ['received unexpected HTTP status: 500 Internal Server Error', 'BuildFailed', true],
  ['received unexpected HTTP status: 503 Service Unavailable', 'BuildFailed', true],
  ['received unexpected HTTP status: 507 Insufficient Storage', 'BuildFailed', false],
  ['write /var/lib/registry/x: no space left on device', 'BuildFailed', false],
  ['dial tcp 127.0.0.1:5000: connect: connection refused', 'EnvironmentNotReady', true],
  ['dial tcp: lookup registry.example.com: no such host', 'EnvironmentNotReady', true],
  ['x509: certificate signed by unknown authority', 'EnvironmentNotReady', false],
  ['something else', 'BuildFailed', false],
])('a push that ends with "%s"', (line, code, retryable) => {
  expect(pushFailure('localhost:5000', 'exit 1', ['Preparing', line])).toMatchObject({ code, retryable });
});

test.each([
  ['exec /bin/sh: exec format error', 'BuildFailed', 'install QEMU'],
  ['write /layer: no space left on device', 'EnvironmentNotReady', 'docker system df'],
  ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock', 'EnvironmentNotReady', 'start it'],
  ['no match for platform in manifest', 'BuildFailed', 'image.platform'],
  ['process "/bin/sh -c false" did not complete successfully: exit code: 1', 'BuildFailed', 'mend what its last lines'],
])('a build that ends with "%s"', (line, code, fix) => {
  const failure = buildFailure('api', 'exit 1', ['#1 step', line]);

  expect(failure).toMatchObject({
    code,
    fix: expect.stringContaining(fix) as string,
    detail: `  | #1 step\n  | ${line}`,
  });
});

test('the digest of a push is read from its last words', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  expect(pushedDigest(['abc: Pushed', `v1: digest: ${digest} size: 528`])).toBe(digest);
  expect(pushedDigest(['abc: Pushed'])).toBeUndefined();
});

test('docker, podman and buildah show an image in their own ways', () => {
  const id = 'a'.repeat(64);
  const expected = { id: `sha256:${id}`, platform: 'linux/arm64', labels: { a: 'b' } };
  const engine = { Os: 'linux', Architecture: 'arm64', Config: { Labels: { a: 'b' } } };
  const buildah = { FromImageID: id, OCIv1: { os: 'linux', architecture: 'arm64', config: { Labels: { a: 'b' } } } };

  expect(parseInspected(JSON.stringify([{ Id: `sha256:${id}`, ...engine }]))).toEqual(expected);
  expect(parseInspected(JSON.stringify([{ Id: id, ...engine }]))).toEqual(expected);
  expect(parseInspected(JSON.stringify(buildah))).toEqual(expected);
  expect(parseInspected('[]')).toBeUndefined();
});

test('a wrong platform is refused, a variant of the right one is not', () => {
  expect(platformRefusal('app', ['linux/amd64', 'linux/arm64/v8'], 'linux/arm64')).toBeUndefined();
  expect(platformRefusal('app', ['linux/amd64'], 'linux/arm64')).toMatchObject({
    code: 'Refused',
    message: 'the image app is for linux/amd64, and linux/arm64 is needed',
    fix: expect.stringMatching(/--platform linux\/arm64[^]*QEMU[^]*image\.platform/) as string,
  });
});

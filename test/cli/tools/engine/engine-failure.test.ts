import { expect, test } from 'vitest';
import { AgentctlError } from '../../../../cli/errors.js';
import { engineFailure } from '../../../../cli/tools/engine/engine-failure.js';

const failed = (printed: string): AgentctlError =>
  new AgentctlError('ToolFailed', '"docker create …" exited with code 1', { fix: '-', detail: printed });

test.each([
  ['write /var/lib/docker/tmp/x: no space left on device', 'docker has no room left on its disk', false],
  [
    'driver failed: Bind for 127.0.0.1:8080 failed: port is already allocated',
    'a port that the container needs is taken',
    true,
  ],
  ['manifest for valkey/valkey:99 not found: manifest unknown', 'the image is not there, or may not be read', false],
  ['dial tcp: lookup registry-1.docker.io: no such host', 'the registry of the image cannot be reached now', true],
])('what an engine prints has a name: %s', (printed, message, retryable) => {
  expect(engineFailure('docker', failed(printed), 'create')).toMatchObject({
    code: 'EnvironmentNotReady',
    message,
    detail: printed,
    retryable,
  });
});

test('anything else is told with its last lines, without the command line', () => {
  expect(engineFailure('docker', failed('something new'), 'create')).toMatchObject({
    code: 'ToolFailed',
    message: 'docker create failed',
    detail: 'something new',
  });
});

test('what is no failure of the engine stays as it is', () => {
  const missing = new AgentctlError('ToolMissing', 'not there', { fix: '-' });

  expect(engineFailure('docker', missing)).toBe(missing);
});

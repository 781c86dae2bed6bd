import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findEngine, parseVersion } from '../../../../cli/tools/engine/container-engine.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const docker = (version: string): string =>
  JSON.stringify({
    Client: { Version: '28.2.2', Os: 'linux', Arch: 'amd64' },
    Server: { Version: version, Os: 'linux', Arch: 'arm64', Components: [{ Name: 'Engine' }] },
  });

test('Docker: client and daemon may be of different versions and machines', () => {
  expect(parseVersion('docker', docker('20.10.24+dfsg1'))).toEqual({
    program: 'docker',
    kind: 'docker',
    clientVersion: '28.2.2',
    serverVersion: '20.10.24+dfsg1',
    platform: 'linux/arm64',
  });
});

test('Podman on Linux has no server of its own', () => {
  expect(parseVersion('podman', '{"Client":{"Version":"4.3.1","OsArch":"linux/amd64"}}')).toMatchObject({
    kind: 'podman',
    serverVersion: '4.3.1',
    platform: 'linux/amd64',
  });
});

test('Docker’s command line in front of Podman’s socket is Podman', () => {
  const printed = JSON.stringify({
    Client: { Version: '28.2.2', Os: 'linux', Arch: 'amd64' },
    Server: { Version: '4.3.1', Os: 'linux', Arch: 'amd64', Components: [{ Name: 'Podman Engine' }] },
  });

  expect(parseVersion('docker', printed)).toMatchObject({ kind: 'podman', serverVersion: '4.3.1' });
});

/** A PATH with nothing but programs of these texts. */
async function programs(texts: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const directory = join(await temporaryDirectory(), 'bin');
  mkdirSync(directory);
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  return { PATH: directory };
}

const podmanText = `echo '{"Client":{"Version":"4.3.1","OsArch":"linux/amd64"}}'`;

test('docker is preferred, podman is taken where there is no docker, and a variable chooses', async () => {
  const both = await programs({ docker: `echo '${docker('27.0.1')}'`, podman: podmanText });

  expect(await findEngine({ environment: both })).toMatchObject({ kind: 'docker', serverVersion: '27.0.1' });
  expect(await findEngine({ environment: await programs({ podman: podmanText }) })).toMatchObject({ kind: 'podman' });
  const chosen = { ...both, AGENTCTL_CONTAINER_ENGINE: 'podman' };
  expect(await findEngine({ environment: chosen })).toMatchObject({ kind: 'podman' });
});

test.each([
  ['none is installed', {}, { code: 'ToolMissing', message: 'found neither of: docker, podman' }],
  [
    'the daemon does not run',
    { docker: 'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1' },
    { code: 'EnvironmentNotReady', message: 'the daemon of docker does not answer' },
  ],
  [
    'the user may not',
    {
      docker:
        'echo "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock" >&2; exit 1',
    },
    { code: 'EnvironmentNotReady', message: 'this user may not use docker' },
  ],
  ['it is too old', { docker: `echo '${docker('19.03.5')}'` }, { message: 'Docker 19.03.5 is too old' }],
])('what is wrong has a name: %s', async (_, texts, expected) => {
  await expect(findEngine({ environment: await programs(texts) })).rejects.toMatchObject(expected);
});

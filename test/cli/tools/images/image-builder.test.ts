import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canAttest, findImageBuilder } from '../../../../cli/tools/images/image-builder.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const signal = new AbortController().signal;
const docker = {
  program: 'docker',
  kind: 'docker',
  clientVersion: '28.2.2',
  serverVersion: '28.2.2',
  platform: 'linux/amd64',
} as const;

/** A directory with programs that are shell scripts. */
async function programs(scripts: Readonly<Record<string, string>>): Promise<{ readonly PATH: string }> {
  const directory = await temporaryDirectory();
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(directory, name), 0o755);
  }
  return { PATH: directory };
}

test.each([
  ['28.2.2', 'classic'],
  ['23.0.0', 'classic'],
  ['20.10.24', 'buildkit'],
])('docker %s without buildx builds with %s', async (clientVersion, kind) => {
  const environment = await programs({ docker: 'echo "unknown command: buildx" >&2; exit 1' });

  expect(await findImageBuilder({ engine: { ...docker, clientVersion }, environment, signal })).toMatchObject({ kind });
});

test('buildx is used where it is', async () => {
  const environment = await programs({
    docker: `case "$1 $2" in
      "buildx version") echo github.com/docker/buildx v0.12.1 30feaa1;;
      "buildx inspect") printf 'Name: default\\nDriver: docker-container\\n';;
      *) exit 1;;
    esac`,
  });

  expect(await findImageBuilder({ engine: docker, environment, signal })).toEqual({
    program: 'docker',
    kind: 'buildx',
    platform: 'linux/amd64',
    attests: true,
  });
});

test.each([
  [[0, 12], 'Driver: docker-container', '', true],
  [[0, 12], 'Driver:  docker\n', '[["driver-type","io.containerd.snapshotter.v1"]]', true],
  [[0, 12], 'Driver: docker', '[["Backing Filesystem","extfs"]]', false],
  [[0, 9], 'Driver: docker-container', '', false],
  [[0, 12], '', '', false],
] as const)('buildx %j, %j, %j: attestations %j', (version, inspected, driverStatus, expected) => {
  expect(canAttest({ version, inspected, driverStatus })).toBe(expected);
});

test('podman is a drop-in, and buildah where there is no engine', async () => {
  const environment = await programs({ buildah: `echo '{ "version": "1.28.2", "buildPlatform": "linux/arm64" }'` });

  expect(
    await findImageBuilder({ engine: { ...docker, kind: 'podman', program: 'podman' }, environment, signal }),
  ).toMatchObject({
    program: 'podman',
    kind: 'podman',
  });
  expect(await findImageBuilder({ engine: undefined, environment, signal })).toMatchObject({
    program: 'buildah',
    platform: 'linux/arm64',
  });
});

test('without anything that builds, what to install is said', async () => {
  await expect(
    findImageBuilder({ engine: undefined, environment: { PATH: '/nonexistent' }, signal }),
  ).rejects.toMatchObject({
    code: 'ToolMissing',
    fix: expect.stringContaining('--image ref@sha256:…') as string,
  });
});

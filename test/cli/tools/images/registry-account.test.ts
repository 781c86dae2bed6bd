import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDockerConfig, readPodmanAuth, registryAccount } from '../../../../cli/tools/images/registry-account.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const signal = new AbortController().signal;
const bob = { auth: Buffer.from('bob:x').toString('base64') };

test('a credential helper is asked on its standard input, with the environment of its cloud', async () => {
  const directory = await temporaryDirectory();
  const helper = join(directory, 'docker-credential-cloud');
  await writeFile(
    helper,
    '#!/bin/sh\nread server\nprintf \'{"Username":"%s","Secret":"%s"}\' "$server" "$CLOUD_TOKEN"\n',
  );
  await chmod(helper, 0o755);
  const environment = { PATH: `${directory}:${process.env['PATH']}`, CLOUD_TOKEN: 't' };

  const account = await registryAccount(
    { credHelpers: { 'ecr.example.com': 'cloud' } },
    'ecr.example.com',
    environment,
    signal,
  );

  expect(account).toEqual({ username: 'ecr.example.com', password: 't' });
});

test('a helper that is not there, or has nothing, is as no login', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'docker-credential-empty'), '#!/bin/sh\necho credentials not found\nexit 1\n', {
    mode: 0o755,
  });
  const environment = { PATH: `${directory}:${process.env['PATH']}` };

  for (const credsStore of ['no-such', 'empty']) {
    expect(await registryAccount({ credsStore }, 'ghcr.io', environment, signal)).toBeUndefined();
  }
});

test('settings are read where docker and podman keep them', async () => {
  const home = await temporaryDirectory();
  await mkdir(join(home, '.docker'));
  await mkdir(join(home, 'run/containers'), { recursive: true });
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ auths: { a: bob } }));

  expect(await readDockerConfig({ HOME: home })).toEqual({ auths: { a: bob } });
  expect(await readDockerConfig({ HOME: home, DOCKER_CONFIG: join(home, 'other') })).toEqual({});
  // podman reads docker's where it has none
  expect(await readPodmanAuth({ HOME: home })).toEqual({ auths: { a: bob } });
  await writeFile(join(home, 'run/containers/auth.json'), JSON.stringify({ auths: { b: bob } }));
  expect(await readPodmanAuth({ HOME: home, XDG_RUNTIME_DIR: join(home, 'run') })).toEqual({ auths: { b: bob } });
});

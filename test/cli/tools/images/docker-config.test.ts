import { expect, test } from 'vitest';
import { accountSource, configForLogin, parseDockerConfig } from '../../../../cli/tools/images/docker-config.js';

const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

test('a login of ours keeps what serves other registries, and never reaches the key chain', () => {
  const own = {
    auths: { 'ghcr.io': auth('bob:x'), 'https://localhost:5000/v1/': auth('old:old') },
    credHelpers: { 'gcr.io': 'gcloud' },
    credsStore: 'desktop',
    currentContext: 'remote',
    proxies: { default: { httpProxy: 'http://proxy' } },
  };

  expect(configForLogin(own, 'localhost:5000', 'docker')).toEqual({
    auths: { 'ghcr.io': auth('bob:x') },
    credHelpers: { 'gcr.io': 'gcloud', 'localhost:5000': '' },
    credsStore: 'desktop',
    currentContext: 'remote',
    proxies: { default: { httpProxy: 'http://proxy' } },
  });
  expect(configForLogin({}, 'docker.io', 'docker')).toEqual({
    auths: {},
    credHelpers: { 'https://index.docker.io/v1/': '' },
  });
});

test('podman gets no helper without a name', () => {
  expect(configForLogin({ credHelpers: { a: 'b', c: 'd' } }, 'a', 'podman')).toEqual({
    auths: {},
    credHelpers: { c: 'd' },
  });
});

test.each([
  [
    'a login',
    { auths: { 'ghcr.io': auth('bob:a:b') } },
    { kind: 'account', account: { username: 'bob', password: 'a:b' } },
  ],
  [
    'an old login',
    { auths: { 'https://ghcr.io/v2/': auth('bob:x') } },
    { kind: 'account', account: { username: 'bob', password: 'x' } },
  ],
  [
    'an identity token',
    { auths: { 'ghcr.io': { ...auth('bob:'), identitytoken: 't' } } },
    { kind: 'account', account: { username: '<token>', password: 't' } },
  ],
  [
    'a helper',
    { credHelpers: { 'ghcr.io': 'gh' }, credsStore: 'desktop' },
    { kind: 'helper', helper: 'gh', server: 'ghcr.io' },
  ],
  [
    'the key chain',
    { credsStore: 'desktop', auths: { 'ghcr.io': {} } },
    { kind: 'helper', helper: 'desktop', server: 'ghcr.io' },
  ],
  ['somebody else', { auths: { 'ghcr.io.example.com': auth('bob:x') } }, { kind: 'none' }],
  ['nothing', {}, { kind: 'none' }],
])('the account of a registry comes from %s', (_, config, source) => {
  expect(accountSource(config, 'ghcr.io')).toEqual(source);
});

test('the account of Docker Hub is kept under its own name', () => {
  const config = { auths: { 'https://index.docker.io/v1/': auth('bob:x') } };

  expect(accountSource(config, 'docker.io')).toMatchObject({ kind: 'account' });
});

test('settings that cannot be read are as none', () => {
  expect(parseDockerConfig(undefined)).toEqual({});
  expect(parseDockerConfig('{')).toEqual({});
  expect(parseDockerConfig('{"auths":[]}')).toEqual({});
});

import { describe, expect, test } from 'vitest';
import { environmentOf, imageOf, platformOf } from '../../../stacks/spec/index.js';
import { serviceInput, specInput, validSpec } from './valid-spec.js';

test('a workload without an image takes the top-level one', () => {
  const own = { build: { context: 'services/api' } };

  const spec = validSpec(
    serviceInput(
      { image: own },
      { image: { build: { context: 'app' } }, schedules: { a: { cron: '0 3 * * *', command: ['x'] } } },
    ),
  );

  const [service, schedule] = [spec.services['api'], spec.schedules['a']];
  expect(service && imageOf(spec, service)).toMatchObject({ context: 'services/api' });
  expect(schedule && imageOf(spec, schedule)).toMatchObject({ context: 'app' });
});

test('an environment is the secrets, the shared variables and its own, in this order', () => {
  const spec = validSpec(serviceInput({ env: { A: 'own' } }, { secrets: ['KEY'], env: { A: 'shared', B: 'shared' } }));

  const { api } = spec.services;

  expect(api && environmentOf(spec, api)).toEqual({ KEY: '${secrets.KEY}', A: 'own', B: 'shared' });
});

test('a secret of a build or of the registry is no variable, unless env makes it one', () => {
  const changes = {
    secrets: ['KEY', 'NPM_TOKEN', 'REGISTRY_TOKEN'],
    image: { build: { secrets: ['NPM_TOKEN'] } },
    clouds: {
      local: {
        registry: 'localhost:5000',
        registryLogin: { username: 'ci', password: '${secrets.REGISTRY_TOKEN}' },
      },
    },
  };
  const asked = { env: { NPM_TOKEN: '${secrets.NPM_TOKEN}' } };

  expect(environmentOf(validSpec(specInput(changes)), { env: {} })).toEqual({ KEY: '${secrets.KEY}' });
  expect(Object.keys(environmentOf(validSpec(specInput({ ...changes, ...asked })), { env: {} }))).toEqual([
    'KEY',
    'NPM_TOKEN',
  ]);
});

describe('platformOf', () => {
  test.each([
    ['aws', 'linux/arm64'],
    ['gcp', 'linux/amd64'],
    ['azure', 'linux/amd64'],
    ['kubernetes', 'linux/amd64'],
    ['local', 'linux/arm64'],
  ] as const)('on %s is %s by default', (target, platform) => {
    expect(platformOf(validSpec(specInput()).image, target, 'linux/arm64')).toBe(platform);
  });

  test('is what the spec says', () => {
    const { image } = validSpec(specInput({ image: { build: {}, platform: 'linux/amd64' } }));

    expect(platformOf(image, 'aws', 'linux/arm64')).toBe('linux/amd64');
  });
});

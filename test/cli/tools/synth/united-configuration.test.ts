import { expect, test } from 'vitest';
import { dropsResources, unitedConfiguration } from '../../../../cli/tools/synth/united-configuration.js';

const before = {
  terraform: { backend: { gcs: { prefix: 'a' } } },
  resource: {
    google_redis_instance: { Cache: { name: 'cache' } },
    google_compute_network: { Network: { name: 'old' } },
  },
  output: { CacheHost: { value: '${google_redis_instance.Cache.host}' }, Url: { value: 'old' } },
};
const after = {
  terraform: { backend: { gcs: { prefix: 'b' } } },
  resource: { google_compute_network: { Network: { name: 'new' }, Other: {} } },
  output: { Url: { value: 'new' } },
};

test('what only the configuration before has is added, and what both have is as it will be', () => {
  expect(unitedConfiguration(before, after)).toEqual({
    terraform: { backend: { gcs: { prefix: 'b' } } },
    resource: {
      google_redis_instance: { Cache: { name: 'cache' } },
      google_compute_network: { Network: { name: 'new' }, Other: {} },
    },
    output: { CacheHost: { value: '${google_redis_instance.Cache.host}' }, Url: { value: 'new' } },
  });
});

test('a resource that is gone is told from one that is new or changed', () => {
  expect(dropsResources(before, after)).toBe(true);
  expect(dropsResources(after, unitedConfiguration(before, after))).toBe(false);
  expect(dropsResources({}, after)).toBe(false);
  expect(dropsResources(before, {})).toBe(true);
});

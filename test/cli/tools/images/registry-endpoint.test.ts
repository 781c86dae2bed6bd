import { expect, test } from 'vitest';
import { registryEndpoint } from '../../../../cli/tools/images/registry-endpoint.js';

const registry = 'europe-west3-docker.pkg.dev';
const led = (list: string): string => registryEndpoint(registry, { AGENTCTL_REGISTRY_ENDPOINTS: list });

test('a registry answers at its own name, or where it is said to', () => {
  expect(registryEndpoint(registry, {})).toBe(`https://${registry}`);
  expect(led('')).toBe(`https://${registry}`);
  expect(led('other.example.com=https://mirror.example.com')).toBe(`https://${registry}`);
  expect(led(`other.example.com=https://a.example.com, ${registry}=https://mirror.example.com:8443/`)).toBe(
    'https://mirror.example.com:8443',
  );
  expect(led(`${registry}=http://127.0.0.1:5000`)).toBe('http://127.0.0.1:5000');
});

test.each([
  ['no address', registry],
  ['no host', '=https://mirror.example.com'],
  ['a path, which would be lost', `${registry}=https://mirror.example.com/mirror`],
  ['an account, which would be shown', `${registry}=https://ann:canary@mirror.example.com`],
  ['a network in the clear', `${registry}=http://mirror.example.com`],
])('%s is refused', (_what, list) => {
  expect(() => led(list)).toThrow(expect.objectContaining({ code: 'UsageInvalid' }) as Error);
  expect(() => led(list)).not.toThrow(/canary/);
});

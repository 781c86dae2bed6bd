import { expect, test } from 'vitest';
import { parseImageReference, registryOrigin } from '../../../../cli/tools/images/image-reference.js';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['app', { registry: 'docker.io', repository: 'library/app' }],
  ['team/app:v1', { registry: 'docker.io', repository: 'team/app', tag: 'v1' }],
  ['localhost/app', { registry: 'localhost', repository: 'app' }],
  ['localhost:5000/team/app:v1', { registry: 'localhost:5000', repository: 'team/app', tag: 'v1' }],
  [`ghcr.io/acme/app@${digest}`, { registry: 'ghcr.io', repository: 'acme/app', digest }],
  [`127.0.0.1:5000/app:v1@${digest}`, { registry: '127.0.0.1:5000', repository: 'app', tag: 'v1', digest }],
  ['[::1]:5000/app', { registry: '[::1]:5000', repository: 'app' }],
])('%s', (text, parts) => {
  expect(parseImageReference(text)).toEqual(parts);
});

test.each([
  ['docker.io', 'https://registry-1.docker.io'],
  ['ghcr.io', 'https://ghcr.io'],
  ['localhost:5000', 'http://localhost:5000'],
  ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
  ['[::1]:5000', 'http://[::1]:5000'],
  ['127.0.0.1.example.com', 'https://127.0.0.1.example.com'],
  ['localhost.example.com:5000', 'https://localhost.example.com:5000'],
])('the API of %s is at %s', (registry, origin) => {
  expect(registryOrigin(registry)).toBe(origin);
});

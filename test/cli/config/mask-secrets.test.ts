import { expect, test } from 'vitest';
import { maskSecrets } from '../../../cli/config/mask-secrets.js';

test.each([
  ['DB_PASSWORD: hunter2', 'DB_PASSWORD: •••'],
  ['  - DB_PASSWORD=hunter2', '  - DB_PASSWORD=•••'],
  ['env: { DB_PASSWORD: hunter2, MODEL: small }', 'env: { DB_PASSWORD: •••, MODEL: small }'],
  ['"API_KEY": "a, b"', '"API_KEY": •••'],
  ['API_KEY: "never closed', 'API_KEY: •••'],
  ['TITLE: one API_KEY: two', 'TITLE: one API_KEY: •••'],
  ['API_KEY: ${secrets.API_KEY}', 'API_KEY: ${secrets.API_KEY}'],
  ['REQUIRE_PASSWORD: true', 'REQUIRE_PASSWORD: true'],
  ['API_KEY: |', 'API_KEY: |'],
  ['secrets: [API_KEY, TOKEN]', 'secrets: [API_KEY, TOKEN]'],
  ['MAX_TOKENS: 4096', 'MAX_TOKENS: 4096'],
  ['MODEL: sk-proj-abcdefgh12345678', 'MODEL: •••'],
])('%s', (line, masked) => {
  expect(maskSecrets(line)).toBe(masked);
});

import { assert, pre, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../cli/redact.js';

const secret = 'p@ss w"rd/+&é';

test.each([
  ['as it is', secret],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
  ['in base64url', Buffer.from(secret).toString('base64url')],
  ['URL-encoded', encodeURIComponent(secret)],
  ['form-encoded', new URLSearchParams({ a: secret }).toString().slice(2)],
  ['JSON-escaped', JSON.stringify(secret).slice(1, -1)],
])('a value is masked %s', (_form, text) => {
  const redact = createRedactor([secret]);

  expect(redact(`before ${text} after ${text}`)).toBe('before ••• after •••');
});

test('each line of a value of several lines is masked', () => {
  const redact = createRedactor(['-----BEGIN KEY-----\nMIIEabcdef\n-----END KEY-----\n']);

  expect(redact('key: MIIEabcdef')).toBe('key: •••');
});

test('a value that contains another disappears whole', () => {
  const redact = createRedactor(['secret', 'secret-of-mine']);

  expect(redact('secret-of-mine and secret')).toBe('••• and •••');
});

test('values shorter than six characters, and blank ones, mask nothing', () => {
  const redact = createRedactor(['abc', '', '         ', 'true']);

  expect(redact('abc is true          .')).toBe('abc is true          .');
});

test('whatever a value looks like, it is gone from the text', () => {
  assert(
    property(string({ minLength: 6, unit: 'binary' }), string(), string(), (value, before, after) => {
      pre(value.trim().length >= 6 && !before.includes('•') && !after.includes('•') && !value.includes('•'));

      expect(createRedactor([value])(`${before}${value}${after}`)).not.toContain(value);
    }),
  );
});

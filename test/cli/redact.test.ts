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
  ['JSON-escaped in ASCII', 'p@ss w\\"rd/+&\\u00e9'],
  ['JSON-escaped with slashes', 'p@ss w\\"rd\\/+&é'],
  ['URL-encoded in lower case', 'p%40ss%20w%22rd%2f%2b%26%c3%a9'],
  ['URL-encoded as a path', 'p%40ss%20w%22rd/%2B%26%C3%A9'],
  ['form-encoded in lower case', 'p%40ss+w%22rd%2f%2b%26%c3%a9'],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ['in upper case hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
])('a value is masked %s', (_form, text) => {
  const redact = createRedactor([secret]);

  expect(redact(`before ${text} after ${text}`)).toBe('before ••• after •••');
});

test.each([0, 1, 2, 3, 4, 5])('a value is masked in the base64 of a longer text, %i bytes into it', (offset) => {
  const value = 'hunter2-hunter2-hunter2';
  const texts = ['base64', 'base64url'] as const;
  for (const encoding of texts) {
    const text = Buffer.from(`${'u'.repeat(offset)}${value}:after`).toString(encoding);

    const redacted = createRedactor([value])(text);

    expect(redacted).toContain('•••');
    // What is left at the edges holds at most five bits of the value on either side.
    const left = redacted.split('•••').map((part) => Buffer.from(part, encoding).toString('latin1'));
    expect(left.join(' ')).not.toMatch(/hu|un|er2|r2/);
  }
});

test('a thousand values cost about as much as one', () => {
  const values = Array.from({ length: 1000 }, (_, index) => `value-${index}-${'x'.repeat(20)}`);
  const line = 'an ordinary line of a log, without any secret in it '.repeat(5);
  // The quickest of many short rounds: the one that nothing else on the machine got in the way of.
  const timeOf = (known: readonly string[]): number => {
    const redact = createRedactor(known);
    redact(line);
    const rounds = Array.from({ length: 50 }, () => {
      const started = performance.now();
      for (let count = 0; count < 20; count += 1) redact(line);
      return performance.now() - started;
    });
    return Math.min(...rounds);
  };

  expect(timeOf(values)).toBeLessThan(20 * timeOf(values.slice(0, 1)));
});

test('each line of a value of several lines is masked', () => {
  const redact = createRedactor(['-----BEGIN KEY-----\nMIIEabcdef\n-----END KEY-----\n']);

  expect(redact('key: MIIEabcdef')).toBe('key: •••');
  expect(redact('-----END KEY-----')).toBe('•••');
  expect(redact(Buffer.from('MIIEabcdef').toString('base64'))).toBe('•••');
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

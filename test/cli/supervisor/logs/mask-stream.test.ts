import { array, assert, constantFrom, integer, pre, property, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { createMaskedStream, secretPattern } from '../../../../cli/supervisor/logs/mask-stream.js';
import { createRedactor } from '../../../../cli/redact.js';

const secret = 'p@ss w"rd/+&é';

/** What comes out after each chunk, and at the end. */
function shown(secrets: readonly string[], chunks: readonly (string | Buffer)[]): readonly string[] {
  const pattern = secretPattern(secrets);
  const stream = createMaskedStream(() => pattern);
  const parts = chunks.map((chunk) => stream.push(Buffer.from(chunk)));
  return [...parts, stream.finish()].map((part) => part.toString('utf8'));
}

test('a prompt appears at once, without a line end', () => {
  expect(shown([secret], ['Password: '])).toEqual(['Password: ', '']);
});

test.each([
  ['as it is', secret],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['URL-encoded', encodeURIComponent(secret)],
  ['JSON-escaped', JSON.stringify(secret).slice(1, -1)],
])('a secret that comes byte by byte is masked %s', (_form, form) => {
  const bytes = [...Buffer.from(`a ${form} b`)].map((byte) => Buffer.from([byte]));

  expect(shown([secret], bytes).join('')).toBe('a ••• b');
});

test('what may be the beginning of a secret waits until it is known not to be', () => {
  expect(shown(['canary-1'], ['a can', 'dle can'])).toEqual(['a ', 'candle ', 'can']);
});

test('a secret that another begins with waits for the longer one', () => {
  expect(shown(['secret', 'secret-of-mine'], ['a secret', '-of-mine', ' secret'])).toEqual(['a ', '•••', ' ', '•••']);
});

test('a value of several lines is masked, and so is each of its lines', () => {
  const key = '-----BEGIN KEY-----\nMIIEabcdef\n-----END KEY-----';

  expect(shown([key], [`k: ${key}\nMIIEabcdef\n`]).join('')).toBe('k: •••\n•••\n');
});

test('a secret that becomes known while a program runs is masked from then on, also in what was held back', () => {
  let secrets = ['canary-1'];
  const stream = createMaskedStream(() => secretPattern(secrets));
  const first = stream.push(Buffer.from('canary-2 can')).toString();
  secrets = ['canary-1', 'canary-2'];
  const second = stream.push(Buffer.from('ary-2')).toString();

  expect([first, second]).toEqual(['canary-2 ', '•••']);
});

test('bytes that are no text come out as they went in', () => {
  assert(
    property(array(uint8Array()), (chunks) => {
      const stream = createMaskedStream(() => secretPattern(['canary-canary']));
      const out = Buffer.concat([...chunks.map((chunk) => stream.push(Buffer.from(chunk))), stream.finish()]);

      expect(out.equals(Buffer.concat(chunks))).toBe(true);
    }),
  );
});

test('however a text is cut into chunks, the same comes out as when it is masked whole', () => {
  const few = string({ unit: constantFrom('a', 'b', 'c'), minLength: 6, maxLength: 9 });
  assert(
    property(
      array(few, { minLength: 1, maxLength: 3 }),
      string({ unit: constantFrom('a', 'b', 'c', '\n'), maxLength: 60 }),
      array(integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 60 }),
      (secrets, text, sizes) => {
        const chunks: string[] = [];
        for (let [at, turn] = [0, 0]; at < text.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(text.slice(at, at + size));
          at += size;
        }

        expect(shown(secrets, chunks).join('')).toBe(createRedactor(secrets)(text));
      },
    ),
    { numRuns: 2000 },
  );
});

test('nothing of a secret is shown before it is whole', () => {
  assert(
    property(string({ minLength: 6 }), integer({ min: 1 }), (value, cut) => {
      pre(value.trim().length >= 6 && !value.includes('\n'));
      const bytes = Buffer.from(value);
      const at = cut % bytes.length;
      const parts = shown([value], [bytes.subarray(0, at), bytes.subarray(at)]);

      expect([parts[0], parts.join('')]).toEqual(['', '•••']);
    }),
  );
});

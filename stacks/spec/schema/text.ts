import * as z from 'zod';

/** A text that is not empty. `expected` completes the sentence "must be …". */
export function text(expected: string) {
  return z.string({ error: expected }).min(1, { error: expected });
}

/** A text of one shape. `expected` completes the sentence "must be …". */
export function patternedText(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words);
}

/** true or false. */
export function flag() {
  return z.boolean({ error: 'true or false' });
}

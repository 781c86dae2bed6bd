import * as z from 'zod';

/** Environment variables: names to texts, which may contain references. */
export function environment() {
  return z.record(z.string(), z.string({ error: 'a text' }), { error: 'a map of names to texts' });
}

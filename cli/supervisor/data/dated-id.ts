import { createHash, randomBytes } from 'node:crypto';

/** What an id is of: a backup or a restore. */
const letters = { backup: 'b', restore: 's' } as const;

/**
 * An id that sorts by time, `b20261120-101502-ab12` (UTC).
 *
 * @param seed makes the last four characters, for an id that must come out the same again. @default - random
 */
export function datedId(of: keyof typeof letters, at: Date, seed?: string): string {
  const time = at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const suffix = seed === undefined ? randomBytes(2).toString('hex') : shortHash(seed);
  return `${letters[of]}${time}-${suffix}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 4);
}

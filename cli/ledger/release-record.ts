import * as z from 'zod';

/** Bumped when an older agentctl could misread a record written by a newer one. */
export const recordVersion = 1;

/** What the ledger keeps of one release: enough to say what served when, and to bring it back without its sources. */
export const releaseRecord = z.strictObject({
  recordVersion: z.literal(recordVersion),
  /** `r7`: counts up within a stage. */
  id: z.string().regex(/^r\d+$/),
  createdAt: z.iso.datetime(),
  by: z.strictObject({ user: z.string(), host: z.string() }),
  /** Null outside a git checkout. */
  git: z.strictObject({ sha: z.string(), dirty: z.boolean() }).nullable(),
  specHash: z.string(),
  /** Digest per service, schedule and migration. */
  digests: z.record(z.string(), z.string()),
  /** Names of the migrations that ran for it. */
  migrations: z.array(z.string()),
  /** Names only. */
  secrets: z.array(z.string()),
  /** Identifies everything that runs: two releases with the same value are the same. */
  contentHash: z.string(),
  outcome: z.enum(['released', 'rolled-back', 'failed']),
  /** What the target runs, in the target's own form. */
  manifest: z.unknown(),
});
export type ReleaseRecord = z.output<typeof releaseRecord>;

/** `r1` after nothing, `r8` after `r7`. */
export function nextReleaseId(records: readonly Pick<ReleaseRecord, 'id'>[]): string {
  const numbers = records.map((record) => Number(record.id.slice(1)));
  return `r${Math.max(0, ...numbers) + 1}`;
}

/** The release that should be serving: the newest that was released. */
export function lastReleased(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return records.findLast((record) => record.outcome === 'released');
}

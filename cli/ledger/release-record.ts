import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** Bumped when an older agentctl could misread a record written by a newer one. */
export const recordVersion = 1;

/** What the ledger keeps of one release: enough to say what served when, and to bring it back without its sources. */
export const releaseRecord = z.strictObject({
  recordVersion: z.literal(recordVersion),
  /** `r7`: counts up within a stage. */
  id: z.string().regex(/^r\d+$/),
  /** Name of the agent. */
  name: z.string(),
  /** `rollback` and `rotate` run an older release again, under a new id. */
  action: z.enum(['deploy', 'rollback', 'rotate']),
  /** The deployed release whose content this one runs: itself for a deploy. */
  origin: z.string().regex(/^r\d+$/),
  createdAt: z.iso.datetime(),
  by: z.strictObject({ user: z.string(), host: z.string() }),
  /** Null outside a git checkout. */
  git: z.strictObject({ sha: z.string(), dirty: z.boolean() }).nullable(),
  specHash: z.string(),
  /** Digest per service, schedule and migration. */
  digests: z.record(z.string(), z.string()),
  /** Names of the migrations that ran for it. */
  migrations: z.array(z.string()),
  /** What the database says its schema is, before and after: `alembic:3f2a91`. Null without a database. */
  schema: z.strictObject({ before: z.string().nullable(), after: z.string().nullable() }),
  /** Version of each secret by name; a version is a random id and says nothing about the value. */
  secrets: z.record(z.string(), z.string()),
  /** Identifies everything that runs, the values of secrets aside: see {@link sameContent}. */
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

/** Pure: whether two releases run exactly the same, with the same values of their secrets. */
export function sameContent(
  one: Pick<ReleaseRecord, 'contentHash' | 'secrets'>,
  other: Pick<ReleaseRecord, 'contentHash' | 'secrets'>,
): boolean {
  return one.contentHash === other.contentHash && isDeepStrictEqual(one.secrets, other.secrets);
}

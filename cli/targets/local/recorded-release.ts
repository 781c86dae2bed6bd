import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { postgresRequest, releaseManifest } from '../../supervisor/protocol.js';

const recordedRelease = z.strictObject({
  manifest: releaseManifest,
  /** The database it uses. @default - none */
  postgres: postgresRequest.optional(),
  /** Port of the public address. @default - the one it has */
  gatewayPort: z.int().optional(),
  /** How long a release is watched before it counts. */
  bakeSeconds: z.number(),
});
/** What the ledger of a local stage keeps of a release: all that running it again takes. */
export type RecordedRelease = z.output<typeof recordedRelease>;

/** Digests of what a release runs from that a registry has; none for a record that says nothing of what it runs. */
export function digestsElsewhere({ manifest }: ReleaseRecord): ReadonlySet<string> {
  const { data } = recordedRelease.safeParse(manifest);
  const workloads = data === undefined ? [] : [...data.manifest.services, ...data.manifest.schedules];
  const images = workloads.flatMap(({ artifact }) => ('image' in artifact ? [artifact] : []));
  return new Set(images.filter(({ image }) => image.includes('@')).map(({ digest }) => digest));
}

/** @throws StateUnreadable when the record is not one of a release of this target */
export function recordedReleaseOf({ id, manifest }: ReleaseRecord): RecordedRelease {
  const parsed = recordedRelease.safeParse(manifest);
  if (parsed.success) return parsed.data;
  throw new AgentctlError('StateUnreadable', `the record of ${id} does not say what it runs`, {
    fix: 'restore the record from a backup, or move it away and deploy again from the source',
    detail: z.prettifyError(parsed.error),
  });
}

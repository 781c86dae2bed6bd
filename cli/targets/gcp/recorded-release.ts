import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { lastReleased, nextReleaseId, type ReleaseRecord } from '../../ledger/release-record.js';
import { stackOutputs, stageRequest } from '../../steps/gcp/stage-request.js';
import type { GcpStageFacts } from './gcp-facts.js';

const recordedManifest = z.strictObject({
  /** What its configurations were synthesized from: all that running it again takes. */
  request: stageRequest,
  /** Outputs of its service configuration: they name its revisions, which are there until somebody deletes them. */
  revisions: stackOutputs,
});

/** @throws StateUnreadable when the record is not one of a release of this target */
export function recordedRelease({
  id,
  manifest,
}: Pick<ReleaseRecord, 'id' | 'manifest'>): z.output<typeof recordedManifest> {
  const parsed = recordedManifest.safeParse(manifest);
  if (parsed.success) return parsed.data;
  throw new AgentctlError('StateUnreadable', `the record of ${id} does not say what it runs`, {
    fix: 'restore an earlier version of the record in the state bucket, or deploy again from the source',
    detail: z.prettifyError(parsed.error),
  });
}

/** Pure: the release that serves: the newest that was proven, unless there is no service at all. */
export function servingRecord({
  records,
  outputs,
}: Pick<GcpStageFacts, 'records' | 'outputs'>): ReleaseRecord | undefined {
  return outputs.service === undefined ? undefined : lastReleased(records);
}

/** Pure: the id of the next release. */
export function newReleaseId({ records, damaged }: Pick<GcpStageFacts, 'records' | 'damaged'>): string {
  return nextReleaseId([...records, ...damaged]);
}

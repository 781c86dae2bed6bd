import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { stageRequest, type StageRequest } from '../../steps/aws/stage-request.js';

const recordedRelease = z.strictObject({
  /** What its stacks were synthesized from: all that running it again takes. */
  request: stageRequest,
});

/** @throws StateUnreadable when the record is not one of a release of this target */
export function recordedRequest({ id, manifest }: Pick<ReleaseRecord, 'id' | 'manifest'>): StageRequest {
  const parsed = recordedRelease.safeParse(manifest);
  if (parsed.success) return parsed.data.request;
  throw new AgentctlError('StateUnreadable', `the record of ${id} does not say what it runs`, {
    fix: 'restore an earlier version of the record in the state bucket, or deploy again from the source',
    detail: z.prettifyError(parsed.error),
  });
}

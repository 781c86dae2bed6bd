import { lastReleased, nextReleaseId, type ReleaseRecord } from '../../ledger/release-record.js';
import type { StackState } from '../../tools/aws/stacks/stack-tools.js';
import type { AwsStageFacts } from './aws-facts.js';

/** Stacks whose services run; CloudFormation user guide, "Stack status codes". */
const servingStatuses: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_IN_PROGRESS',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
]);

/** Pure: whether the services of a stack have come up at some time and were not taken away since. */
export function hasServed(service: StackState | undefined): boolean {
  return service !== undefined && servingStatuses.has(service.status);
}

/** Pure: the release that serves: the newest that was proven, unless nothing serves at all. */
export function servingRecord({
  records,
  stacks,
}: Pick<AwsStageFacts, 'records' | 'stacks'>): ReleaseRecord | undefined {
  return hasServed(stacks.service) ? lastReleased(records) : undefined;
}

/** Pure: the id of the next release. */
export function newReleaseId({ records, damaged }: Pick<AwsStageFacts, 'records' | 'damaged'>): string {
  return nextReleaseId([...records, ...damaged]);
}

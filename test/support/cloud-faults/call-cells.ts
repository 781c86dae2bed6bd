import type { FaultKind } from '../cloud/fault.js';

/** Names of what a command does outside its steps. */
export const beforeSteps = 'plan';
export const afterSteps = 'end';

/** One kind of call that a command without a fault makes in a step. */
export interface StepCall {
  readonly step: string;
  readonly service: string;
  readonly operation: string;
}

/** A fault of one call: a row of the table. */
export interface CallCell extends StepCall {
  readonly cloud: 'aws' | 'gcp';
  readonly scenario: string;
  readonly kind: FaultKind;
}

/** How a call can go wrong. */
export const faultKinds: readonly FaultKind[] = ['refused', 'reset', '500', 'throttled', 'reply-lost', 'denied'];

/**
 * Every other kind goes by when the call is made again. Who is denied something, or meets a broken service, is until
 * somebody does something about it: the fault lasts as long as the run.
 */
export function timesOf(kind: FaultKind): number {
  return kind === 'denied' ? Number.MAX_SAFE_INTEGER : 1;
}

/** What was seen of a run: a step began, or a call was made. */
export type Seen =
  { readonly kind: 'step'; readonly step: string } | ({ readonly kind: 'call' } & Omit<StepCall, 'step'>);

/** Pure: each kind of call in each step, once, in the order of a run. Of steps side by side, the newest counts. */
export function stepCalls(seen: readonly Seen[]): readonly StepCall[] {
  let step = beforeSteps;
  const found = new Map<string, StepCall>();
  for (const one of seen) {
    if (one.kind === 'step') {
      step = one.step;
      continue;
    }
    const call = { step, service: one.service, operation: one.operation };
    const key = [step, call.service, call.operation].join('/');
    if (!found.has(key)) found.set(key, call);
  }
  return [...found.values()];
}

/** Pure: every call by every kind. */
export function callCells(cloud: CallCell['cloud'], scenario: string, calls: readonly StepCall[]): readonly CallCell[] {
  return calls.flatMap((call) => faultKinds.map((kind) => ({ ...call, cloud, scenario, kind })));
}

/** `aws-update/service/ecs.DescribeServices/reply-lost` */
export function callCellName({ cloud, scenario, step, service, operation, kind }: CallCell): string {
  return [`${cloud}-${scenario}`, step, `${service}.${operation}`, kind].join('/');
}

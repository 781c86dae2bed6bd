import * as z from 'zod';
import { type StackKind, stackKinds, type StageScope, stateKeys } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import { type StageRequest, stageRequest } from '../../steps/gcp/stage-request.js';
import type { StageTools } from './open-stage-tools.js';

/** What the configurations of a stage were last applied from, finished or not; absent: never. */
export type AppliedRequests = Readonly<Partial<Record<StackKind, StageRequest>>>;

/** Reads what was applied last. @throws StateUnreadable when it cannot be told */
export async function appliedRequests(
  scope: StageScope,
  { gcp }: Pick<StageTools, 'gcp'>,
  signal: AbortSignal,
  kinds: readonly StackKind[] = stackKinds,
): Promise<AppliedRequests> {
  const { objects } = gcp.state;
  const found = kinds.map(async (kind) => {
    const key = stateKeys.applied(scope, kind);
    const object = await objects.read(key, signal);
    return object === undefined ? [] : [[kind, requestIn(object.bytes, objects.place(key))] as const];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

function requestIn(bytes: Uint8Array, place: string): StageRequest {
  const parsed = stageRequest.safeParse(jsonIn(bytes));
  if (parsed.success) return parsed.data;
  throw new AgentctlError('StateUnreadable', `${place} does not say what was applied`, {
    fix: 'restore an earlier version of it: gcloud storage ls --all-versions lists them, gcloud storage cp copies one back',
    detail: z.prettifyError(parsed.error),
  });
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

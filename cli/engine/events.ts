import * as z from 'zod';
import type { Outputs } from '../plan/reference.js';

const runOutcome = z.enum(['succeeded', 'failed', 'interrupted']);
/** How a run ended. `interrupted`: a signal stopped it; every step that was running has wound down. */
export type RunOutcome = z.output<typeof runOutcome>;

const stepFailure = z.strictObject({
  code: z.string(),
  message: z.string(),
  fix: z.string(),
  detail: z.string().optional(),
});
/** A failure as it is stored and shown: the parts of an AgentctlError that are data. */
export type StepFailure = z.output<typeof stepFailure>;

const outputs = z.record(z.string(), z.unknown());
const step = z.string();
/** ISO 8601. */
const at = z.iso.datetime();

export const runEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run.started'), at, runId: z.string(), planHash: z.string() }),
  z.strictObject({ type: z.literal('step.started'), at, step, attempt: z.int() }),
  z.strictObject({ type: z.literal('step.log'), at, step, line: z.string() }),
  z.strictObject({
    type: z.literal('step.retrying'),
    at,
    step,
    attempt: z.int(),
    inSeconds: z.number(),
    reason: z.string(),
  }),
  /** `already-done`: the check found the effect in place, nothing was run. */
  z.strictObject({ type: z.literal('step.succeeded'), at, step, outputs, how: z.enum(['ran', 'already-done']) }),
  z.strictObject({ type: z.literal('step.failed'), at, step, failure: stepFailure }),
  /** `because`: the step that failed or was interrupted. */
  z.strictObject({ type: z.literal('recovery.started'), at, because: step }),
  z.strictObject({ type: z.literal('recovery.finished'), at, recovered: z.boolean() }),
  z.strictObject({ type: z.literal('run.finished'), at, outcome: runOutcome }),
]);
/** Every observable fact about a run. The journal stores them, the terminal draws them, `--json` prints them. */
export type RunEvent = z.output<typeof runEvent>;

/** An event before its time is added. */
export type RunFact = RunEvent extends infer E ? (E extends { at: string } ? Omit<E, 'at'> : never) : never;

/** What a journal says happened. */
export interface RunState {
  readonly outputs: ReadonlyMap<string, Outputs>;
  /** Started without a recorded end: the effect may or may not be in place. */
  readonly unsettled: ReadonlySet<string>;
  readonly finished: RunOutcome | undefined;
  /** A recovery began and has not succeeded yet: what it takes back may be there or not. */
  readonly recovering: boolean;
}

/** What a recovery does to the steps of its plan. */
export interface Undone {
  /** Their effects are gone once it has succeeded. */
  readonly steps: readonly string[];
  /** What was built on those effects. It is not taken back, and says nothing any more: it has to be looked at, or run again. */
  readonly dependents: readonly string[];
}

/** Pure: folds a journal into a state. */
export function replay(events: readonly RunFact[], undone: Undone = { steps: [], dependents: [] }): RunState {
  const outputs = new Map<string, Outputs>();
  const unsettled = new Set<string>();
  let finished: RunOutcome | undefined;
  let recovering = false;
  for (const event of events) {
    switch (event.type) {
      case 'run.started':
        finished = undefined;
        break;
      case 'step.started':
        unsettled.add(event.step);
        break;
      case 'step.succeeded':
        unsettled.delete(event.step);
        outputs.set(event.step, event.outputs);
        break;
      case 'step.failed':
        unsettled.delete(event.step);
        break;
      case 'recovery.started':
        // From here on their effects may be half taken back, whatever was recorded of them before.
        for (const step of [...undone.steps, ...undone.dependents]) if (outputs.delete(step)) unsettled.add(step);
        recovering = true;
        break;
      case 'recovery.finished':
        if (event.recovered) {
          for (const step of undone.steps) unsettled.delete(step);
          recovering = false;
        }
        break;
      case 'run.finished':
        finished = event.outcome;
        break;
      case 'step.log':
      case 'step.retrying':
        break;
    }
  }
  return { outputs, unsettled, finished, recovering };
}

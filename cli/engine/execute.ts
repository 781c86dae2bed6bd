import type { Concurrency } from '../plan/concurrency.js';
import type { Plan, PlannedStep } from '../plan/plan.js';
import type { Outputs } from '../plan/reference.js';
import type { AnyStep } from '../plan/step.js';
import { type RunEvent, type RunFact, type RunOutcome, replay, type StepFailure, type Undone } from './events.js';
import { isTimeout } from './is-timeout.js';
import { type EngineEffects, runStep } from './run-step.js';

export interface ExecuteOptions<T> extends EngineEffects {
  readonly steps: ReadonlyMap<string, AnyStep<T>>;
  readonly tools: T;
  readonly runId: string;
  readonly planHash: string;
  /** What an earlier, unfinished run of the same plan recorded. Empty for a new run. */
  readonly history: readonly RunEvent[];
  /** First interrupt: start nothing more, let running steps wind down. */
  readonly signal: AbortSignal;
  /** Second interrupt: do not even recover. */
  readonly giveUp: AbortSignal;
  readonly concurrency: Concurrency;
}

/** How a run ended, for the command that started it. */
export interface RunResult {
  readonly outcome: RunOutcome;
  readonly outputs: ReadonlyMap<string, Outputs>;
  /** The first step that failed. */
  readonly failure?: { readonly step: string; readonly failure: StepFailure };
  /** Present when recovery ran: whether it brought back what served before. */
  readonly recovered?: boolean;
  /** Present when what would have been taken back after a failure goes on without the run. */
  readonly isLeft?: true;
}

/**
 * Runs a plan. Knows no step and no tool: definitions and effects are passed in. Throws on a bug in the plan, and what
 * `emit` throws: then nothing more is started.
 */
export async function execute<T>(plan: Plan, options: ExecuteOptions<T>): Promise<RunResult> {
  const { emit, signal, giveUp } = options;
  const { recovery } = plan;
  const undone = undoneBy(plan);
  let history: readonly RunFact[] = options.history;
  await emit({ type: 'run.started', runId: options.runId, planHash: options.planHash });
  if (recovery !== null && replay(history, undone).recovering) {
    // An earlier run began to take its steps back. Half of that is no ground to go on from: finish it first.
    const back = await recover(recovery, replay(history, undone).outputs);
    if (!back.recovered) {
      await emit({ type: 'run.finished', outcome: 'failed' });
      return { outcome: 'failed', outputs: new Map(), ...back };
    }
    history = [...history, { type: 'recovery.finished', recovered: true }];
  }

  const main = await runAll(plan.steps, history, signal);
  const touched = recovery?.when.find((step) => main.started.has(step));
  const isPast = recovery?.until !== undefined && recovery.until !== null && main.outputs.has(recovery.until);
  const isUnfinished = main.outcome !== 'succeeded' && !giveUp.aborted;
  const isLeft = recovery?.outlivesInterrupt === true && main.outcome === 'interrupted' && !isTimeout(signal);
  const needsRecovery = recovery !== null && touched !== undefined && isUnfinished && !isPast && !isLeft;
  let recovered: boolean | undefined;
  if (needsRecovery) {
    await emit({ type: 'recovery.started', because: main.failure?.step ?? touched });
    ({ recovered } = await recover(recovery, main.outputs));
  }

  await emit({ type: 'run.finished', outcome: main.outcome });
  return {
    outcome: main.outcome,
    outputs: main.outputs,
    ...(main.failure === undefined ? {} : { failure: main.failure }),
    ...(recovered === undefined ? {} : { recovered }),
    ...(isLeft && touched !== undefined && !isPast ? { isLeft } : {}),
  };

  /** `known`: what the steps before have yielded, which those of the way back may ask for. */
  async function recover({ steps }: NonNullable<Plan['recovery']>, known: ReadonlyMap<string, Outputs>) {
    const { outcome, failure } = await runAll(steps, [], giveUp, known);
    const recovered = outcome === 'succeeded';
    await emit({ type: 'recovery.finished', recovered });
    return { recovered, ...(failure === undefined ? {} : { failure }) };
  }

  async function runAll(
    steps: readonly PlannedStep[],
    recorded: readonly RunFact[],
    stop: AbortSignal,
    known: ReadonlyMap<string, Outputs> = new Map(),
  ) {
    const past = replay(recorded, undone);
    const outputs = new Map(past.outputs);
    const started = new Set([...past.unsettled, ...past.outputs.keys()]);
    const pending = new Map(steps.filter((step) => !outputs.has(step.id)).map((step) => [step.id, step]));
    const active = new Map<string, { readonly kind: string; readonly done: Promise<void> }>();
    let failure: RunResult['failure'];
    let hasFailed = false;
    const onFailed = (): void => {
      hasFailed = true;
    };

    const settle = async (step: PlannedStep): Promise<void> => {
      const definition = options.steps.get(step.kind);
      if (definition === undefined) throw new Error(`no definition for step kind "${step.kind}"`);
      const unsettled = past.unsettled.has(step.id);
      const yielded = new Map([...known, ...outputs]);
      const result = await runStep(step, {
        ...options,
        definition,
        outputs: yielded,
        unsettled,
        signal: stop,
        onFailed,
      });
      if (result.kind === 'succeeded') outputs.set(step.id, result.outputs);
      else failure ??= { step: step.id, failure: result.failure };
      active.delete(step.id);
    };

    for (;;) {
      if (!hasFailed && !stop.aborted) {
        for (const step of readySteps(pending, outputs, active, options.concurrency)) {
          pending.delete(step.id);
          started.add(step.id);
          active.set(step.id, { kind: step.kind, done: settle(step) });
        }
      }
      if (active.size === 0) break;
      const running = [...active.values()].map(({ done }) => done);
      try {
        await Promise.race(running);
      } catch (error) {
        // A fact that cannot be recorded ends the run, but not before everything that runs has wound down.
        await Promise.allSettled(running);
        throw error;
      }
    }

    const complete = pending.size === 0 && failure === undefined;
    const outcome: RunOutcome = complete ? 'succeeded' : stop.aborted ? 'interrupted' : 'failed';
    return { outcome, outputs, started, failure };
  }
}

/** Pure: the steps that a run which goes on with this history does not run again. Those of a recovery always are. */
export function settledSteps(plan: Plan, history: readonly RunFact[]): ReadonlySet<string> {
  const { outputs } = replay(history, undoneBy(plan));
  return new Set(plan.steps.flatMap(({ id }) => (outputs.has(id) ? [id] : [])));
}

function undoneBy({ recovery, steps }: Plan): Undone | undefined {
  return recovery === null ? undefined : { steps: recovery.when, dependents: dependentsOf(recovery.when, steps) };
}

/** Pure: the other steps that need these, directly or not. */
function dependentsOf(roots: readonly string[], steps: readonly PlannedStep[]): readonly string[] {
  const found = new Set(roots);
  // In a plan every step comes after those it needs.
  for (const { id, needs } of steps) if (needs.some((need) => found.has(need))) found.add(id);
  return [...found].filter((id) => !roots.includes(id));
}

/** Pure: the steps that may start now, in plan order, within the limits. */
function readySteps(
  pending: ReadonlyMap<string, PlannedStep>,
  done: ReadonlyMap<string, unknown>,
  active: ReadonlyMap<string, { readonly kind: string }>,
  { total, perKind }: Concurrency,
): readonly PlannedStep[] {
  const kinds = [...active.values()].map((running) => running.kind);
  const chosen: PlannedStep[] = [];
  for (const step of pending.values()) {
    if (kinds.length >= total) break;
    const limit = perKind?.[step.kind] ?? total;
    if (kinds.filter((kind) => kind === step.kind).length >= limit) continue;
    if (!step.needs.every((need) => done.has(need))) continue;
    kinds.push(step.kind);
    chosen.push(step);
  }
  return chosen;
}

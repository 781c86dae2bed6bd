import { AgentctlError, expectedError, isAgentctlError, messageOf } from '../errors.js';
import type { PlannedStep } from '../plan/plan.js';
import { fillReferences, type Outputs } from '../plan/reference.js';
import type { AnyStep, StepContext } from '../plan/step.js';
import type { RunFact, StepFailure } from './events.js';

/** The world of the engine: everything that is not a pure function of the plan. */
export interface EngineEffects {
  /** Resolves once the fact is durable; the engine never moves on before that. */
  readonly emit: (fact: RunFact) => Promise<void>;
  /** Resolves early (without throwing) when the signal aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface RunStepOptions<T> extends EngineEffects {
  readonly definition: AnyStep<T>;
  readonly outputs: ReadonlyMap<string, Outputs>;
  /** An earlier run started this step and recorded no end: look before running. */
  readonly unsettled: boolean;
  readonly signal: AbortSignal;
  readonly tools: T;
  /** Called as soon as the step has failed for good, before that is recorded: nothing may start in between. */
  readonly onFailed: () => void;
}

/** Success and failure of a step, in one shape. */
export type StepResult =
  | { readonly kind: 'succeeded'; readonly outputs: Outputs }
  | { readonly kind: 'failed'; readonly failure: StepFailure };

/** Runs one step with its checks, retries and time bound, and records every fact about it. Throws only what `emit` throws. */
export async function runStep<T>(step: PlannedStep, options: RunStepOptions<T>): Promise<StepResult> {
  const { definition, emit, signal, unsettled } = options;
  const attempts = definition.retry?.attempts ?? 1;

  for (let attempt = 1; ; attempt++) {
    await emit({ type: 'step.started', step: step.id, attempt });
    try {
      const inputs = definition.inputs.parse(fillReferences(step.inputs, options.outputs));
      const { outputs, how } = await withinTime(step, inputs, options, (bounded) =>
        produce(definition, inputs, unsettled || attempt > 1, {
          signal: bounded,
          attempt,
          tools: options.tools,
          // A journal that cannot be written fails the next fact that is waited for.
          log: (line) => void emit({ type: 'step.log', step: step.id, line }).catch(() => undefined),
        }),
      );
      await emit({ type: 'step.succeeded', step: step.id, outputs, how });
      return { kind: 'succeeded', outputs };
    } catch (error) {
      const failure = failureOf(error, signal);
      if (attempt < attempts && !signal.aborted && isAgentctlError(error) && error.retryable) {
        const inSeconds = backoff(definition.retry?.backoffSeconds ?? 1, attempt, options.random());
        await emit({ type: 'step.retrying', step: step.id, attempt, inSeconds, reason: failure.message });
        await options.sleep(inSeconds, signal);
        continue;
      }
      options.onFailed();
      await emit({ type: 'step.failed', step: step.id, failure });
      return { kind: 'failed', failure };
    }
  }
}

async function produce<T>(
  definition: AnyStep<T>,
  inputs: unknown,
  look: boolean,
  context: StepContext<T>,
): Promise<{ outputs: Outputs; how: 'ran' | 'already-done' }> {
  const found = look ? await definition.check?.(inputs, context) : undefined;
  const produced = found ?? (await definition.run(inputs, context));
  return { outputs: definition.outputs.parse(produced), how: found === undefined ? 'ran' : 'already-done' };
}

/** Full jitter on the upper half: 50–100 % of base × 2^(attempt−1). */
function backoff(baseSeconds: number, attempt: number, random: number): number {
  return baseSeconds * 2 ** (attempt - 1) * (0.5 + random / 2);
}

async function withinTime<T, R>(
  step: PlannedStep,
  inputs: unknown,
  { definition, signal, sleep }: RunStepOptions<T>,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const { timeoutSeconds } = definition;
  const seconds = typeof timeoutSeconds === 'function' ? timeoutSeconds(inputs) : timeoutSeconds;
  if (seconds === undefined) return await work(signal);

  const timeUp = new AbortController();
  const done = new AbortController();
  void sleep(seconds, done.signal).then(() => {
    if (!done.signal.aborted) timeUp.abort();
  });
  try {
    return await work(AbortSignal.any([signal, timeUp.signal]));
  } catch (error) {
    if (!timeUp.signal.aborted || signal.aborted) throw error;
    throw new AgentctlError('TimedOut', `"${step.title}" did not finish within ${seconds} s`, {
      fix: 'look at the log above for what it was waiting for; raise the timeout if it only needs longer',
      detail: isAgentctlError(error) ? error.detail : undefined,
      cause: error,
    });
  } finally {
    done.abort();
  }
}

function failureOf(error: unknown, signal: AbortSignal): StepFailure {
  const expected = expectedError(error);
  if (expected !== undefined) {
    const { code, message, fix, detail } = expected;
    return { code, message, fix, ...(detail === undefined ? {} : { detail }) };
  }
  if (signal.aborted) return { code: 'Interrupted', message: 'interrupted', fix: 'resume the run' };
  const detail = error instanceof Error ? error.stack : undefined;
  const fix = 'this is a bug in agentctl: please report it with the text below';
  return { code: 'Bug', message: messageOf(error), fix, ...(detail === undefined ? {} : { detail }) };
}

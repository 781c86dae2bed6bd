import type { z } from 'zod';
import type { DeferredInputs, Outputs } from './reference.js';

/** What a step may use while it runs. `T` is the set of tools its target hands in; steps reach the world only through it. */
export interface StepContext<T> {
  /** Aborted when the user interrupts or the step's time is up: wind down, leave nothing half-done, then throw. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  /** One line of what is going on, for the terminal and the journal. */
  readonly log: (line: string) => void;
  readonly tools: T;
}

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Wait before the second try; doubles each time, with jitter. */
  readonly backoffSeconds: number;
}

/** One kind of work: what it needs, what it yields, how to say it, how to do it. */
export interface StepDefinition<I extends z.ZodType, O extends z.ZodType<Outputs>, T> {
  /** Kebab-case; also the file name and the label in events. */
  readonly kind: string;
  readonly inputs: I;
  readonly outputs: O;
  /** @default - one attempt. Only errors marked `retryable` are tried again. */
  readonly retry?: RetryPolicy;
  /** A value of the inputs may set its own bound. @default - no bound */
  readonly timeoutSeconds?: number | ((inputs: z.output<I>) => number);
  /** One line in the imperative, `run migration "migrate"`. Inputs may still hold references. */
  describe(inputs: DeferredInputs<z.output<I>>): string;
  /**
   * Is the effect already in place? Asked before running again a step whose last run has no recorded end, and before
   * every attempt after the first. `undefined`: no, run it.
   */
  check?(inputs: z.output<I>, context: StepContext<T>): Promise<z.output<O> | undefined>;
  run(inputs: z.output<I>, context: StepContext<T>): Promise<z.output<O>>;
}

/** Any step of a target, as the engine sees it. */
export type AnyStep<T> = StepDefinition<z.ZodType, z.ZodType<Outputs>, T>;

/** Types a step definition; does nothing else. `defineStep<Tools>()({...})` so that inputs and outputs are inferred. */
export function defineStep<T>() {
  return <I extends z.ZodType, O extends z.ZodType<Outputs>>(
    definition: StepDefinition<I, O, T>,
  ): StepDefinition<I, O, T> => definition;
}

/** Steps by kind, the form the engine takes. */
export function stepCatalogue<T>(steps: readonly AnyStep<T>[]): ReadonlyMap<string, AnyStep<T>> {
  return new Map(steps.map((step) => [step.kind, step]));
}

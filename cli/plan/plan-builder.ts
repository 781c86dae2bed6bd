import type { z } from 'zod';
import { type Plan, type PlannedStep, planVersion } from './plan.js';
import { type DeferredInputs, outputReferencesIn, type Outputs, type StepHandle } from './reference.js';
import type { StepDefinition } from './step.js';

/** What is true of the whole plan, whatever its steps. */
export type PlanHeader = Omit<Plan, 'planVersion' | 'steps' | 'recovery'>;

/** A list of steps whose order is derived from what they consume. Building one does no I/O. */
export class StepList {
  readonly #steps: PlannedStep[] = [];

  get steps(): readonly PlannedStep[] {
    return this.#steps;
  }

  /** @throws Error on a duplicate id or a need that is not planned before: a bug in the target, not in the user's input */
  add<I extends z.ZodType, O extends z.ZodType<Outputs>, T>(
    id: string,
    definition: StepDefinition<I, O, T>,
    inputs: DeferredInputs<z.output<I>>,
    options: { readonly after?: readonly StepHandle<unknown>[] } = {},
  ): StepHandle<z.output<O>> {
    const referenced = outputReferencesIn(inputs).flatMap(({ $ref }) => ($ref.orElse === null ? [] : [$ref.step]));
    const needs = [...new Set([...referenced, ...(options.after ?? []).map((step) => step.id)])];
    const known = new Set(this.#steps.map((step) => step.id));
    const missing = needs.find((need) => !known.has(need));
    if (missing !== undefined) throw new Error(`step "${id}" needs "${missing}", which is not planned before it`);
    if (known.has(id)) throw new Error(`duplicate step id "${id}"`);
    this.#steps.push({ id, kind: definition.kind, title: definition.describe(inputs), inputs, needs });
    return { id };
  }
}

export interface RecoverOptions {
  readonly when: readonly StepHandle<unknown>[];
  /** @default - there always is a way back */
  readonly until?: StepHandle<unknown>;
  /** @default false: an interrupt is taken back like a failure */
  readonly outlivesInterrupt?: boolean;
}

/** Collects the steps of a plan and of its recovery. */
export class PlanBuilder extends StepList {
  #recovery: Plan['recovery'] = null;

  /** What to do when something fails after one of `when` was started and before `until` has succeeded. */
  recover(options: RecoverOptions, returnsTo: string | null, { steps }: StepList): void {
    const { when, until, outlivesInterrupt = false } = options;
    const kept = { when: when.map((step) => step.id), until: until?.id ?? null, returnsTo, steps };
    this.#recovery = outlivesInterrupt ? { ...kept, outlivesInterrupt } : kept;
  }

  build(header: PlanHeader): Plan {
    return { planVersion, ...header, steps: this.steps, recovery: this.#recovery };
  }
}

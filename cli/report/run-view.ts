import type { RunEvent, RunOutcome, StepFailure } from '../engine/events.js';
import type { Plan } from '../plan/plan.js';

export type StepState = 'waiting' | 'running' | 'retrying' | 'succeeded' | 'already-done' | 'failed';

/** What is known about one step so far. */
export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  /** Milliseconds since the epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly attempt: number;
  /** The newest lines of its log, oldest first. */
  readonly tail: readonly string[];
  readonly failure?: StepFailure;
}

/** A run as somebody watching it sees it. */
export interface RunView {
  readonly steps: readonly StepView[];
  /** Empty until something went wrong. */
  readonly recovery: readonly StepView[];
  /** What the recovery brings back; null when nothing served before. */
  readonly returnsTo: string | null;
  readonly outcome?: RunOutcome;
}

/** Lines of a step's log that the view keeps. */
const tailLines = 50;

/** The view before anything has happened. `done`: ids of the steps that an earlier, unfinished run has settled. */
export function viewOf(plan: Plan, done: ReadonlySet<string> = new Set()): RunView {
  const steps = plan.steps.map(waiting).map((step) => (done.has(step.id) ? alreadyDone(step) : step));
  return { steps, recovery: [], returnsTo: plan.recovery?.returnsTo ?? null };
}

/** Pure: the view after one more event. */
export function advance(view: RunView, event: RunEvent, plan: Plan): RunView {
  const at = Date.parse(event.at);
  switch (event.type) {
    case 'step.started':
      return update(view, event.step, (step) => ({
        state: 'running',
        startedAt: step.startedAt ?? at,
        attempt: event.attempt,
      }));
    case 'step.log':
      return update(view, event.step, (step) => ({ tail: [...step.tail, event.line].slice(-tailLines) }));
    case 'step.retrying':
      return update(view, event.step, () => ({ state: 'retrying' }));
    case 'step.succeeded':
      return update(view, event.step, (step) => ({
        state: event.how === 'ran' ? 'succeeded' : 'already-done',
        startedAt: step.startedAt ?? at,
        endedAt: at,
      }));
    case 'step.failed':
      return update(view, event.step, () => ({ state: 'failed', endedAt: at, failure: event.failure }));
    case 'recovery.started':
      return { ...view, recovery: (plan.recovery?.steps ?? []).map(waiting) };
    case 'run.finished':
      return { ...view, outcome: event.outcome };
    case 'run.started':
    case 'recovery.finished':
      return view;
  }
}

/** Pure: what a recovery does, in a few words. */
export function recoveryTitle({ returnsTo }: RunView): string {
  return returnsTo === null ? 'taking it back' : `returning to ${returnsTo}`;
}

function waiting(step: { readonly id: string; readonly title: string }): StepView {
  return { id: step.id, title: step.title, state: 'waiting', attempt: 0, tail: [] };
}

function alreadyDone(step: StepView): StepView {
  return { ...step, state: 'already-done' };
}

function update(view: RunView, id: string, change: (step: StepView) => Partial<StepView>): RunView {
  const apply = (steps: readonly StepView[]): readonly StepView[] =>
    steps.map((step) => (step.id === id ? { ...step, ...change(step) } : step));
  return { ...view, steps: apply(view.steps), recovery: apply(view.recovery) };
}

import type { RunEvent } from '../engine/events.js';
import { formatDuration } from './duration.js';
import { stripControl } from './live-lines.js';
import { recoveryTitle, type RunView, type StepView } from './run-view.js';

/** Pure: the lines that one event adds where nothing can be redrawn (a pipe, CI). `view` is the view after the event. */
export function plainLines(event: RunEvent, view: RunView): readonly string[] {
  switch (event.type) {
    case 'step.started':
      return event.attempt === 1 ? [`→ ${titleOf(view, event.step)}`] : [];
    case 'step.log':
      return [`  ${event.step} | ${stripControl(event.line)}`];
    case 'step.retrying':
      return [`↻ ${titleOf(view, event.step)}: ${event.reason}; trying again in ${event.inSeconds.toFixed(1)} s`];
    case 'step.succeeded':
      return [`✓ ${titleOf(view, event.step)} (${event.how === 'ran' ? timeOf(view, event.step) : 'already done'})`];
    case 'step.failed':
      return [`✗ ${titleOf(view, event.step)} (${timeOf(view, event.step)}): ${event.failure.message}`];
    case 'recovery.started':
      return [`! ${recoveryTitle(view)}`];
    case 'run.started':
    case 'recovery.finished':
    case 'run.finished':
      return [];
  }
}

/** Pure: one line for each step that is still running, so that a quiet CI log shows life. */
export function heartbeatLines(view: RunView, nowMilliseconds: number): readonly string[] {
  return [...view.steps, ...view.recovery]
    .filter((step) => step.state === 'running' || step.state === 'retrying')
    .map(
      (step) =>
        `… ${step.title}: still ${step.state} after ${formatDuration(nowMilliseconds - (step.startedAt ?? nowMilliseconds))}`,
    );
}

function find(view: RunView, id: string): StepView | undefined {
  return [...view.steps, ...view.recovery].find((step) => step.id === id);
}

function titleOf(view: RunView, id: string): string {
  return find(view, id)?.title ?? id;
}

function timeOf(view: RunView, id: string): string {
  const step = find(view, id);
  return formatDuration((step?.endedAt ?? 0) - (step?.startedAt ?? step?.endedAt ?? 0));
}

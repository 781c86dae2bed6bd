import { formatDuration } from './duration.js';
import type { RunView, StepState, StepView } from './run-view.js';

const marks: Readonly<Record<StepState, string>> = {
  waiting: '·',
  running: '…',
  retrying: '↻',
  succeeded: '✓',
  'already-done': '✓',
  failed: '✗',
};

/** Pure: a finished run as a table, for a CI job summary. */
export function markdownReport(view: RunView): string {
  const rows = [...view.steps, ...view.recovery].map(
    (step) => `| ${marks[step.state]} | ${step.title} | ${time(step)} |`,
  );
  const failed = [...view.steps, ...view.recovery].find((step) => step.failure !== undefined);
  const failure =
    failed?.failure === undefined
      ? []
      : ['', `**${failed.failure.code}**: ${failed.failure.message}`, '', failed.failure.fix];
  return ['| | step | time |', '|---|---|---|', ...rows, ...failure, ''].join('\n');
}

function time(step: StepView): string {
  if (step.startedAt === undefined || step.endedAt === undefined) return '';
  return formatDuration(step.endedAt - step.startedAt);
}

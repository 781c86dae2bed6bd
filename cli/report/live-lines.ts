import { formatDuration } from './duration.js';
import { recoveryTitle, type RunView, type StepView } from './run-view.js';
import type { Style } from './style.js';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Log lines shown under a step that is running. */
const shownTail = 4;

/** Pure: the block that an interactive terminal shows and redraws while a run goes on. */
export function liveLines(view: RunView, nowMilliseconds: number, width: number, style: Style): string {
  const draw = (step: StepView): readonly string[] => [
    stepLine(step, nowMilliseconds, style),
    ...tailOf(step).map((line) => style.dim(`    ${fit(line, width - 4)}`)),
  ];
  const recovery =
    view.recovery.length > 0 ? [style.warn(`  ${recoveryTitle(view)}`), ...view.recovery.flatMap(draw)] : [];
  return [...view.steps.flatMap(draw), ...recovery].join('\n');
}

/** `  ✓ build api  1.2 s` */
function stepLine(step: StepView, nowMilliseconds: number, style: Style): string {
  const time = step.startedAt === undefined ? '' : formatDuration((step.endedAt ?? nowMilliseconds) - step.startedAt);
  const line = (mark: string, note = time): string =>
    `  ${mark} ${step.title}${note === '' ? '' : style.dim(`  ${note}`)}`;
  switch (step.state) {
    case 'waiting':
      return style.dim(`  · ${step.title}`);
    case 'running':
      return line(spinner[Math.floor(nowMilliseconds / 100) % spinner.length] ?? '');
    case 'retrying':
      return line(style.warn('↻'), `waiting before attempt ${step.attempt + 1}`);
    case 'succeeded':
      return line(style.good('✓'));
    case 'already-done':
      return line(style.good('✓'), 'already done');
    case 'failed':
      return line(style.bad('✗'));
  }
}

function tailOf(step: StepView): readonly string[] {
  return step.state === 'running' || step.state === 'retrying' ? step.tail.slice(-shownTail) : [];
}

/** Cuts to a width so that no line wraps: a wrapped line would break the redraw. Control characters are dropped. */
function fit(line: string, width: number): string {
  const clean = stripControl(line);
  return clean.length <= width ? clean : `${clean.slice(0, Math.max(0, width - 1))}…`;
}

/** Without ANSI sequences and control characters, which a program's output may hold. */
export function stripControl(text: string): string {
  // oxlint-disable-next-line no-control-regex -- removing them is the point
  return text.replace(/\u001B\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '');
}

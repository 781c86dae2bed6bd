import type { StageStatus } from '../targets/status.js';
import { table } from './table.js';

export interface StatusTextOptions extends StageStatus {
  readonly name: string;
  readonly target: string;
  readonly stage: string;
  readonly lastRelease: {
    readonly id: string;
    readonly createdAt: string;
    readonly by: { readonly user: string; readonly host: string };
    readonly git: { readonly sha: string; readonly dirty: boolean } | null;
  } | null;
  /** A run that has not come to its end. */
  readonly run: { readonly runId: string; readonly action: string; readonly state: 'going-on' | 'cut-short' } | null;
  /** Flags of the commands that are suggested. */
  readonly flags: string;
  readonly now: Date;
}

/** Pure: `agentctl status` for people, within 80 columns for ordinary names. */
export function statusText(status: StatusTextOptions): string {
  const head = `${status.name} on ${status.target}, stage ${status.stage}: ${stateText(status)}`;
  const parts = [head, ...facts(status)];
  if (status.services.length > 0) parts.push('', services(status));
  if (status.backing.length > 0) parts.push('', backing(status));
  if (status.schedules.length > 0) parts.push('', schedules(status));
  return parts.join('\n');
}

function stateText({ state, note, flags }: StatusTextOptions): string {
  switch (state) {
    case 'running':
    case 'degraded':
      return note === undefined ? state : `${state}; ${note}`;
    case 'not-deployed':
      return `not deployed${note === undefined ? '' : `; ${note}`} (agentctl deploy ${flags})`;
    case 'unreachable':
      if (note !== undefined) return `not answering; ${note}`;
      return `not running any more; bring it back with: agentctl deploy ${flags}`;
  }
}

function facts({
  url,
  release,
  lastRelease,
  backups,
  alarms = [],
  run,
  flags,
  now,
}: StatusTextOptions): readonly string[] {
  const isRecorded = release === null || release === lastRelease?.id;
  return [
    ...(url === null ? [] : [`url      ${url}`]),
    ...(isRecorded ? [] : [`release  ${release}, which is not recorded yet`]),
    ...(lastRelease === null ? [] : [`${isRecorded ? 'release' : 'before '}  ${releaseText(lastRelease, now)}`]),
    ...(backups === null ? [] : [`backup   ${backupText(backups, now)}`]),
    ...(alarms.length === 0 ? [] : [`alarms   ${alarms.join(', ')}`]),
    ...(run === null ? [] : [`run      ${runText(run, flags)}`]),
  ];
}

function runText({ runId, action, state }: NonNullable<StatusTextOptions['run']>, flags: string): string {
  if (state === 'going-on') return `${action} ${runId} is going on`;
  return `${action} ${runId} was cut short; go on with:\n         agentctl resume ${flags}`;
}

function backupText({ last, next, problem }: NonNullable<StatusTextOptions['backups']>, now: Date): string {
  const newest = last === null ? 'none yet' : `${last.reason}, ${age(now.getTime() - Date.parse(last.createdAt))} ago`;
  const failed = problem === null ? '' : `; the last scheduled one failed: ${problem}`;
  return `${newest}${next === null ? '' : `; next ${minute(next)} UTC`}${failed}`;
}

function releaseText({ id, createdAt, by, git }: NonNullable<StatusTextOptions['lastRelease']>, now: Date): string {
  const commit = git === null ? '' : `, ${git.sha.slice(0, 7)}${git.dirty ? ' with changes' : ''}`;
  return `${id}, ${age(now.getTime() - Date.parse(createdAt))} ago by ${by.user}@${by.host}${commit}`;
}

/** `5 s`, `12 min`, `3 h`, `9 d`. */
function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function services({ services: list }: StatusTextOptions): string {
  const rows = list.map(({ name, ready, desired, restarts, digest, note }) => [
    name,
    `${ready}/${desired}`,
    String(restarts),
    digest?.slice(0, 19) ?? '',
    note,
  ]);
  return table([['SERVICE', 'READY', 'RESTARTS', 'DIGEST', ''], ...rows]);
}

function backing({ backing: list }: StatusTextOptions): string {
  return table([['DATA', 'STATE', ''], ...list.map(({ name, state, detail }) => [name, state, detail])]);
}

function schedules({ schedules: list }: StatusTextOptions): string {
  const rows = list.map(({ name, cron, next, lastRun, history }) => [
    name,
    cron,
    minute(next),
    lastRunText(lastRun),
    historyText(history),
  ]);
  return table([['SCHEDULE', 'CRON (UTC)', 'NEXT', 'LAST', 'RUNS'], ...rows]);
}

type Run = StatusTextOptions['schedules'][number]['history'][number];

function lastRunText(run: Run | null): string {
  if (run === null) return 'never';
  const end = run.state === 'exited' ? `exit ${run.exitCode ?? 'by signal'}` : run.state;
  return `${minute(run.at)} ${end}`;
}

/** What fits into 80 columns beside the rest; `--json` has all. */
const shownRuns = 8;

/** `✓✓✗✓…`, the last run last. */
function historyText(history: readonly Run[]): string {
  const marks = history.slice(0, shownRuns).map(({ state, exitCode }) => {
    if (state === 'running') return '…';
    return state === 'exited' && exitCode === 0 ? '✓' : '✗';
  });
  return marks.toReversed().join('');
}

/** `2026-11-20 03:00` */
function minute(time: string | null): string {
  return time === null ? '-' : time.slice(0, 16).replace('T', ' ');
}

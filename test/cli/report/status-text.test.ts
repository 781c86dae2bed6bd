import { expect, test } from 'vitest';
import { errorText } from '../../../cli/report/error-text.js';
import { statusText, type StatusTextOptions } from '../../../cli/report/status-text.js';
import { plainStyle } from '../../../cli/report/style.js';

function run(exitCode: number | null, state = 'exited') {
  const at = '2026-01-01T11:55:00.000Z';
  return { id: 'schedule-reindex-20260101T115500Z', at, endedAt: state === 'running' ? null : at, state, exitCode };
}

const nothing: StatusTextOptions = {
  name: 'support-agent',
  target: 'local',
  stage: 'staging',
  state: 'not-deployed',
  url: null,
  release: null,
  services: [],
  backing: [],
  schedules: [],
  backups: null,
  run: null,
  lastRelease: null,
  flags: '--cloud local --stage staging',
  now: new Date('2026-01-01T12:00:00Z'),
};

const everything: StatusTextOptions = {
  ...nothing,
  state: 'degraded',
  url: 'http://127.0.0.1:29382',
  release: 'r12',
  services: [
    { name: 'api', digest: `sha256:${'cafe'.repeat(16)}`, ready: 2, desired: 2, restarts: 0, note: '' },
    { name: 'worker', digest: null, ready: 0, desired: 1, restarts: 4, note: 'worker.1: backing-off (exit 1)' },
  ],
  backing: [{ name: 'postgres', state: 'running', detail: 'PostgreSQL 17.10, 127.0.0.1:24103, database agent' }],
  schedules: [
    { name: 'nightly', cron: '0 3 * * *', next: '2026-01-02T03:00:00.000Z', lastRun: null, history: [] },
    {
      name: 'reindex',
      cron: '*/5 * * * *',
      next: '2026-01-01T12:05:00.000Z',
      lastRun: run(1),
      history: [run(1), run(null, 'timed-out'), run(null), ...Array.from({ length: 17 }, () => run(0))],
    },
  ],
  lastRelease: {
    id: 'r12',
    createdAt: '2026-01-01T09:00:00Z',
    by: { user: 'ann', host: 'laptop' },
    git: { sha: 'c0ffee1234567890', dirty: true },
  },
};

test('a deploy that was cut short: what serves without a record, and how to go on', () => {
  const run = { runId: '20260101-115500123-3f9c', action: 'deploy', state: 'cut-short' } as const;

  expect(
    statusText({ ...everything, release: 'r13', run })
      .split('\n')
      .slice(2, 6),
  ).toEqual([
    'release  r13, which is not recorded yet',
    'before   r12, 3 h ago by ann@laptop, c0ffee1 with changes',
    'run      deploy 20260101-115500123-3f9c was cut short; go on with:',
    '         agentctl resume --cloud local --stage staging',
  ]);
});

test('nothing deployed: the next command', () => {
  expect(statusText(nothing)).toMatchInlineSnapshot(
    `"support-agent on local, stage staging: not deployed (agentctl deploy --cloud local --stage staging)"`,
  );
});

test('everything, within 80 columns', () => {
  const text = statusText(everything);

  expect(text).toMatchInlineSnapshot(`
    "support-agent on local, stage staging: degraded
    url      http://127.0.0.1:29382
    release  r12, 3 h ago by ann@laptop, c0ffee1 with changes

    SERVICE  READY  RESTARTS  DIGEST
    api      2/2    0         sha256:cafecafecafe
    worker   0/1    4                              worker.1: backing-off (exit 1)

    DATA      STATE
    postgres  running  PostgreSQL 17.10, 127.0.0.1:24103, database agent

    SCHEDULE  CRON (UTC)   NEXT              LAST                     RUNS
    nightly   0 3 * * *    2026-01-02 03:00  never
    reindex   */5 * * * *  2026-01-01 12:05  2026-01-01 11:55 exit 1  ✓✓✓✓✓✗✗✗"
  `);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a run that goes on is the last of its marks', () => {
  const [, schedule] = everything.schedules;
  const going = schedule && { ...schedule, lastRun: run(null, 'running'), history: [run(null, 'running'), run(0)] };

  expect(statusText({ ...everything, schedules: going === undefined ? [] : [going] })).toMatch(
    /2026-01-01 11:55 running +✓…$/,
  );
});

test('gone: how to bring it back', () => {
  expect(statusText({ ...nothing, state: 'unreachable' })).toContain(
    'not running any more; bring it back with: agentctl deploy --cloud local --stage staging',
  );
});

test('gone and coming back: what is being done', () => {
  expect(statusText({ ...nothing, state: 'unreachable', note: 'its supervisor is being started again' })).toContain(
    ': not answering; its supervisor is being started again',
  );
});

test('an error: what it says comes last, with what to do', () => {
  const error = {
    code: 'MigrationFailed',
    message: 'migration "schema" exited with code 1',
    fix: 'mend it',
    detail: '  | no such table',
  };

  expect(errorText(error, plainStyle)).toMatchInlineSnapshot(`
    "  | no such table

    error migration "schema" exited with code 1 [MigrationFailed]
      fix: mend it"
  `);
});

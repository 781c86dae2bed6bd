import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../cli/engine/events.js';
import { jsonLine } from '../../../cli/report/json-lines.js';
import { liveLines } from '../../../cli/report/live-lines.js';
import { markdownReport } from '../../../cli/report/markdown.js';
import { planText } from '../../../cli/report/plan-text.js';
import { heartbeatLines, plainLines } from '../../../cli/report/plain-lines.js';
import { advance, viewOf } from '../../../cli/report/run-view.js';
import { plainStyle } from '../../../cli/report/style.js';
import { planFrom } from '../../support/recording-world.js';

const plan = planFrom({ build: [], migrate: ['build'], start: ['migrate'] }, ['start']);
const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
const failure = { code: 'StepFailed', message: 'api.1 exited with code 1', fix: 'mend it' };

const events: readonly RunEvent[] = [
  { type: 'run.started', runId: 'run', planHash: 'hash', at: at(0) },
  { type: 'step.started', step: 'build', attempt: 1, at: at(0) },
  { type: 'step.log', step: 'build', line: 'added 42 packages', at: at(1) },
  { type: 'step.succeeded', step: 'build', outputs: {}, how: 'ran', at: at(2) },
  { type: 'step.started', step: 'migrate', attempt: 1, at: at(2) },
  { type: 'step.retrying', step: 'migrate', attempt: 1, inSeconds: 0.5, reason: 'no connection', at: at(3) },
  { type: 'step.started', step: 'migrate', attempt: 2, at: at(4) },
  { type: 'step.succeeded', step: 'migrate', outputs: {}, how: 'already-done', at: at(5) },
  { type: 'step.started', step: 'start', attempt: 1, at: at(5) },
  {
    type: 'step.log',
    step: 'start',
    line: '\u001B[31mred\u001B[0m text that is much longer than the terminal is wide',
    at: at(6),
  },
  { type: 'step.failed', step: 'start', failure, at: at(80) },
  { type: 'recovery.started', because: 'start', at: at(80) },
  { type: 'step.started', step: 'undo-start', attempt: 1, at: at(80) },
  { type: 'step.succeeded', step: 'undo-start', outputs: {}, how: 'ran', at: at(81) },
  { type: 'recovery.finished', recovered: true, at: at(81) },
  { type: 'run.finished', outcome: 'failed', at: at(81) },
];

const viewAfter = (count: number) =>
  events.slice(0, count).reduce((view, event) => advance(view, event, plan), viewOf(plan));

test('live: the running step shows its time and the tail of its log, cut to the width', () => {
  expect(liveLines(viewAfter(10), Date.parse(at(17)), 40, plainStyle)).toMatchInlineSnapshot(`
    "  ✓ act on build  2.0 s
      ✓ act on migrate  already done
      ⠋ act on start  12 s
        red text that is much longer than t…"
  `);
});

test('live: what was done before a resume stands there without a time', () => {
  const view = viewOf(plan, new Set(['build']));

  expect(liveLines(view, Date.parse(at(0)), 40, plainStyle)).toMatchInlineSnapshot(`
    "  ✓ act on build  already done
      · act on migrate
      · act on start"
  `);
});

test('live: a failure and what follows it', () => {
  expect(liveLines(viewAfter(events.length), Date.parse(at(90)), 80, plainStyle)).toMatchInlineSnapshot(`
    "  ✓ act on build  2.0 s
      ✓ act on migrate  already done
      ✗ act on start  1 min 15 s
      returning to r1
      ✓ undo start  1.0 s"
  `);
});

test('plain: one line per fact', () => {
  const lines = events.flatMap((event, index) => plainLines(event, viewAfter(index + 1)));

  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "→ act on build
      build | added 42 packages
    ✓ act on build (2.0 s)
    → act on migrate
    ↻ act on migrate: no connection; trying again in 0.5 s
    ✓ act on migrate (already done)
    → act on start
      start | red text that is much longer than the terminal is wide
    ✗ act on start (1 min 15 s): api.1 exited with code 1
    ! returning to r1
    → undo start
    ✓ undo start (1.0 s)"
  `);
});

test('where nothing served before, a failure is taken back', () => {
  const first = { ...plan, recovery: plan.recovery === null ? null : { ...plan.recovery, returnsTo: null } };
  const view = events.reduce((before, event) => advance(before, event, first), viewOf(first));

  expect(plainLines({ type: 'recovery.started', because: 'start', at: at(80) }, view)).toEqual(['! taking it back']);
  expect(liveLines(view, Date.parse(at(90)), 80, plainStyle)).toContain('\n  taking it back\n');
});

describe('a plan says what a failure would leave', () => {
  const textFor = (returnsTo: string | null) =>
    planText({ ...plan, recovery: plan.recovery === null ? null : { ...plan.recovery, returnsTo } }, '--cloud local');

  test('where a release serves', () => {
    expect(textFor('r1')).toMatch(/\n {2}If the release does not come up healthy, r1 keeps serving\.$/);
  });

  test('where nothing serves', () => {
    expect(textFor(null)).toMatchInlineSnapshot(`
      "Plan: deploy test to local (stage local), release r1
         1. act on build
         2. act on migrate
         3. act on start
        If the release does not come up healthy, no replica is left running.
        What was set up for it stays, such as a database: agentctl destroy --cloud local"
    `);
  });
});

test('a plan for Google Cloud says it in the words of Google Cloud', () => {
  const recovery = plan.recovery === null ? null : { ...plan.recovery, returnsTo: null };
  expect(
    planText({ ...plan, target: 'gcp', recovery }, '--cloud gcp')
      .split('\n')
      .slice(-2),
  ).toEqual([
    '  If the release does not come up healthy, its services are deleted.',
    '  Network, data, registry and address stay: agentctl destroy --cloud gcp',
  ]);
});

test('plain: a heartbeat names what is still running', () => {
  expect(heartbeatLines(viewAfter(10), Date.parse(at(65)))).toMatchInlineSnapshot(`
    [
      "… act on start: still running after 1 min 00 s",
    ]
  `);
});

test('json: a versioned line per step and log', () => {
  const lines = events.flatMap((event) => jsonLine(event) ?? []);

  expect(lines.every((line) => line.v === 1)).toBe(true);
  expect(
    lines
      .slice(0, 3)
      .map((line) => JSON.stringify(line))
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "{"v":1,"type":"step","step":"build","state":"started","at":"2026-01-01T00:00:00.000Z","attempt":1}
    {"v":1,"type":"log","step":"build","line":"added 42 packages","at":"2026-01-01T00:00:01.000Z"}
    {"v":1,"type":"step","step":"build","state":"succeeded","at":"2026-01-01T00:00:02.000Z","outputs":{},"how":"ran"}"
  `);
});

test('markdown: a finished run as a table', () => {
  expect(markdownReport(viewAfter(events.length))).toMatchInlineSnapshot(`
    "| | step | time |
    |---|---|---|
    | ✓ | act on build | 2.0 s |
    | ✓ | act on migrate | 3.0 s |
    | ✗ | act on start | 1 min 15 s |
    | ✓ | undo start | 1.0 s |

    **StepFailed**: api.1 exited with code 1

    mend it
    "
  `);
});

import { describe, expect, test } from 'vitest';
import { record } from '../support/aws-stage.js';
import { callCellName, callCells, faultKinds, type Seen, stepCalls } from '../support/cloud-faults/call-cells.js';
import { exitCodesOf } from '../support/cloud-faults/call-fault.js';
import { cloudInvariants, type SeenRun } from '../support/cloud-faults/cloud-invariants.js';
import type { CloudSnapshot } from '../support/cloud-faults/cloud-snapshot.js';
import { faultReport } from '../support/cloud-faults/fault-report.js';

const call = (service: string, operation: string): Seen => ({ kind: 'call', service, operation });

describe('cells of calls', () => {
  const seen: readonly Seen[] = [
    call('sts', 'GetCallerIdentity'),
    { kind: 'step', step: 'service' },
    call('s3', 'GetObject'),
    call('s3', 'GetObject'),
    { kind: 'step', step: 'verify' },
    call('s3', 'GetObject'),
  ];

  test('are made of each kind of call once a step', () => {
    expect(stepCalls(seen)).toEqual([
      { step: 'plan', service: 'sts', operation: 'GetCallerIdentity' },
      { step: 'service', service: 's3', operation: 'GetObject' },
      { step: 'verify', service: 's3', operation: 'GetObject' },
    ]);
  });

  test('are every call by every kind of fault, and each has a name of its own', () => {
    const names = callCells('aws', 'update', stepCalls(seen)).map(callCellName);

    expect(new Set(names).size).toBe(3 * faultKinds.length);
    expect(names[0]).toBe('aws-update/plan/sts.GetCallerIdentity/refused');
  });

  test('may end with 9 only where the service could have been touched', () => {
    expect(exitCodesOf({ scenario: 'update', step: 'foundation', kind: '500' })).not.toContain(9);
    expect(exitCodesOf({ scenario: 'update', step: 'service', kind: '500' })).toContain(9);
    expect(exitCodesOf({ scenario: 'update', step: 'service', kind: '500' })).not.toContain(10);
  });
});

const quiet: CloudSnapshot = {
  url: 'http://127.0.0.1',
  body: 'v2',
  tokenDigest: undefined,
  ledger: [record('r1', { digests: { api: 'sha256:1' } })],
  lock: undefined,
  isPrepared: true,
  isDeployed: true,
  loose: [],
  busy: [],
  unsettled: [],
  running: ['sha256:1'],
  database: { head: 2, tables: [1, 2], recorded: [1, 2], rows: new Set(['row-1']) },
  acknowledged: ['row-1'],
};
const result = {
  ok: false,
  error: { code: 'ToolFailed', message: 'AWS failed; r1 still serves', fix: 'run it again' },
};
const run: SeenRun['run'] = {
  exitCode: 1,
  signal: null,
  stdout: `{"type":"step","step":"foundation","state":"failed"}\n${JSON.stringify(result)}\n`,
  stderr: '',
  seconds: 3,
};
const good: SeenRun = {
  phase: 'hit',
  scenario: { name: 'update', serves: true },
  run,
  mayEnd: [0, 1],
  wasKilled: false,
  before: { ...quiet, database: { head: 1, tables: [1], recorded: [1], rows: new Set() } },
  after: quiet,
  problems: [],
  boundSeconds: 120,
  version: 2,
  failedRequests: [],
  canaries: [{ name: 'TOKEN', value: 'canary-7f3b' }],
  saidIdle: true,
};

function violated(seen: SeenRun): readonly string[] {
  return Object.entries(cloudInvariants).flatMap(([name, invariant]) => (invariant(seen).length > 0 ? [name] : []));
}

describe('what must hold after a fault', () => {
  test('holds after a run that says what it should', () => {
    expect(violated(good)).toEqual([]);
  });

  test.each<readonly [string, SeenRun]>([
    ['I1 exit code', { ...good, mayEnd: [0] }],
    ['I2 old version answers', { ...good, failedRequests: ['GET /: 503'] }],
    [
      'I3 schema',
      { ...good, after: { ...quiet, database: { head: 3, tables: [3], recorded: [3], rows: new Set(['row-1']) } } },
    ],
    [
      'I3 schema',
      { ...good, after: { ...quiet, database: { head: 2, tables: [1], recorded: [1, 2], rows: new Set(['row-1']) } } },
    ],
    ['I4 lock', { ...good, after: { ...quiet, lock: '{}' } }],
    ['I5 converges', { ...good, phase: 'third', saidIdle: false }],
    ['I5 converges', { ...good, phase: 'next', problems: ['v1 answers'] }],
    ['I6 orphans', { ...good, after: { ...quiet, loose: ['task/1 still runs'] } }],
    ['I6 orphans', { ...good, after: { ...quiet, toolLocks: ['a lock is left'] } }],
    ['I6 orphans', { ...good, after: { ...quiet, busy: ['a-service is still at work'] } }],
    ['I7 secrets', { ...good, run: { ...run, stderr: 'canary-7f3b' } }],
    ['I8 data', { ...good, after: { ...quiet, acknowledged: ['row-1', 'row-2'] } }],
    ['I9 message', { ...good, run: { ...run, stdout: '{"type":"result"}' } }],
    ['I9 message', { ...good, run: { ...run, stdout: run.stdout.replace('r1 still', 'r7 still') } }],
    ['I10 time', { ...good, run: { ...run, seconds: 121 } }],
    ['I11 record', { ...good, after: { ...quiet, running: ['sha256:2'] } }],
  ])('%s is seen to be violated', (name, seen) => {
    expect(violated(seen)).toEqual([name]);
  });
});

test('the report counts what ran, what did not hold, and what was not run', () => {
  const cell = { seconds: 1, requests: 5 };
  const page = faultReport({
    cloud: 'aws',
    cells: [
      { ...cell, name: 'aws-update/plan/s3.GetObject/500', violations: [] },
      {
        ...cell,
        name: 'aws-update/service/s3.GetObject/reset',
        violations: ['I4 lock, hit run: still there', 'hit: exit 1'],
      },
    ],
    planned: ['aws-update/plan/s3.GetObject/500', 'aws-update/plan/s3.GetObject/denied'],
    date: '2026-11-28',
  });

  expect(page).toContain('2 of 3 cells, 1 hold, 1 do not; 10 requests');
  expect(page).toContain('| aws-update | 3 | 2 | 1 | 1 |');
  expect(page).toContain('- `aws-update/service/s3.GetObject/reset`\n  - I4 lock, hit run: still there\n');
  expect(page).toContain('- `aws-update/plan`: 1');
});

import { expect, test } from 'vitest';
import { supervisorFindings } from '../../../../cli/targets/local/supervisor-findings.js';

const running = { pid: 4711, startedAt: '2026-01-01T12:00:00.000Z' };
const guard = { pid: 4712, startTime: 'x' };

function levels(findings: ReturnType<typeof supervisorFindings>): readonly string[] {
  return findings.map(({ level, subject }) => `${subject} ${level}`);
}

test('nothing that runs is no problem: a deploy starts it', () => {
  expect(supervisorFindings(undefined, undefined)).toEqual([
    { level: 'ok', subject: 'supervisor', message: 'not running; a deploy starts it' },
  ]);
});

test('a supervisor with its guard is well', () => {
  expect(levels(supervisorFindings(running, guard))).toEqual(['supervisor ok', 'guard ok']);
});

test('a supervisor without a guard is warned about', () => {
  expect(levels(supervisorFindings(running, undefined))).toEqual(['supervisor ok', 'guard warning']);
});

test('a guard without a supervisor is a problem, and where to read why is told', () => {
  const findings = supervisorFindings(undefined, guard);

  expect(levels(findings)).toEqual(['supervisor problem', 'guard ok']);
  expect(findings[0]?.fix).toContain('logs/supervisor.log');
});

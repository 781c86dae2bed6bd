import { expect, test } from 'vitest';
import type { TaskStatus } from '../../../../cli/supervisor/protocol.js';
import { historyOf, keptTasks, scheduledTaskId } from '../../../../cli/supervisor/tasks/task-history.js';

test('the id of a scheduled run says when it ran', () => {
  expect(scheduledTaskId('re-index', new Date('2026-11-20T03:00:00.123Z'))).toBe('schedule-re-index-20261120T030000Z');
});

test('the last twenty runs of each schedule are remembered, and every other task', () => {
  const runs = Array.from({ length: 30 }, (_, minute) => run('a', minute));
  const others = [run('b', 1), task('migrate-1')];

  const { kept, dropped } = keptTasks([...runs, ...others]);

  expect(kept).toEqual([...runs.slice(10), ...others]);
  expect(dropped).toEqual(runs.slice(0, 10));
  expect(historyOf('a', kept).map(({ id }) => id)).toEqual(
    runs
      .slice(10)
      .reverse()
      .map(({ id }) => id),
  );
});

test('a run that has not ended is never forgotten', () => {
  const running = { ...run('a', 0), state: 'running' as const };
  const runs = [running, ...Array.from({ length: 25 }, (_, minute) => run('a', minute + 1))];

  expect(keptTasks(runs).kept).toContain(running);
});

test('schedules whose names begin alike have histories of their own', () => {
  expect(historyOf('a', [run('a', 1), run('a-b', 1)])).toEqual([run('a', 1)]);
});

function run(schedule: string, minute: number): TaskStatus {
  return task(scheduledTaskId(schedule, new Date(Date.UTC(2026, 10, 20, 3, minute))));
}

function task(id: string): TaskStatus {
  return { id, state: 'exited', exitCode: 0, signal: null, startedAt: '', endedAt: '', logFile: '' };
}

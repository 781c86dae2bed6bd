import { schedulePrefix, type TaskStatus } from '../protocol.js';

/** Runs remembered for each schedule. */
const runsPerSchedule = 20;
/** Other tasks remembered: a task that is forgotten could run again under the same id, so this is far more than one deploy has. */
const otherTasks = 500;

/** The id of one run of a schedule. */
export function scheduledTaskId(schedule: string, at: Date): string {
  return `${schedulePrefix}${schedule}-${at.toISOString().replace(/\.\d+|[-:]/g, '')}`;
}

/** The runs of a schedule, most recent first. */
export function historyOf(schedule: string, tasks: readonly TaskStatus[]): readonly TaskStatus[] {
  return tasks
    .filter((task) => scheduleOf(task) === schedule)
    .toReversed()
    .slice(0, runsPerSchedule);
}

/** Splits tasks, most recent last, into those to remember and those to forget. One that runs is never forgotten. */
export function keptTasks(tasks: readonly TaskStatus[]): {
  readonly kept: readonly TaskStatus[];
  readonly dropped: readonly TaskStatus[];
} {
  const seen = new Map<string | undefined, number>();
  const isKept = new Map<TaskStatus, boolean>();
  for (const task of tasks.toReversed()) {
    const schedule = scheduleOf(task);
    const newer = seen.get(schedule) ?? 0;
    seen.set(schedule, newer + 1);
    isKept.set(task, task.state === 'running' || newer < (schedule === undefined ? otherTasks : runsPerSchedule));
  }
  return {
    kept: tasks.filter((task) => isKept.get(task) === true),
    dropped: tasks.filter((task) => isKept.get(task) !== true),
  };
}

/** The schedule whose run a task is; `undefined` for any other task. */
export function scheduleOf(task: Pick<TaskStatus, 'id'>): string | undefined {
  if (!task.id.startsWith(schedulePrefix)) return undefined;
  return /^(.+)-\d{8}T\d{6}Z$/.exec(task.id.slice(schedulePrefix.length))?.[1];
}

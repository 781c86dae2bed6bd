import type { TaskState } from '../tasks/task-tools.js';
import type { ServiceState, TargetHealth } from './service-tools.js';

/** What was found out about a service. */
export interface ServiceEvidence {
  readonly service: ServiceState | undefined;
  /** Tasks that failed, newest first. */
  readonly failed: readonly TaskState[];
  readonly targets: readonly TargetHealth[];
  /** Of the newest task that failed. */
  readonly log: readonly string[];
}

const shownTasks = 3;
const shownEvents = 3;
/** Of a service in which nothing is wrong. */
const steady = /has reached a steady state|has started \d+ tasks|registered \d+ targets|deployment completed/;

/** Pure: why the tasks of a service do not come up. Empty: nothing is wrong. */
export function serviceDiagnosis({ service, failed, targets, log }: ServiceEvidence): readonly string[] {
  const tasks = distinct(failed.map(taskText)).slice(0, shownTasks);
  const unhealthy = distinct(
    targets
      .filter(({ state }) => state === 'unhealthy')
      .map(({ id, port, reason, description }) => `target ${id}:${port} is unhealthy: ${description ?? reason ?? ''}`),
  );
  const events = (service?.events ?? [])
    .map(({ message }) => message)
    .filter((message) => !steady.test(message))
    .slice(0, shownEvents);
  const rollout = service?.deployments.flatMap(({ rolloutState, reason }) =>
    rolloutState === 'FAILED' && reason !== null ? [reason] : [],
  );
  const evidence = [...(rollout ?? []), ...tasks, ...unhealthy];
  // Events alone tell of what was, not of what is.
  if (evidence.length === 0) return [];
  const lines = log.length === 0 ? [] : ['last lines of its log:', ...log.map((line) => `  ${line}`)];
  return [...evidence, ...events, ...lines];
}

/** Pure: those of the newest release that failed by themselves, newest first; not those that a rollout or a user ended. */
export function failedTasks(stopped: readonly TaskState[]): readonly TaskState[] {
  const failed = stopped.filter(({ stopCode, stoppedReason }) => {
    if (stopCode === 'ServiceSchedulerInitiated') return /health check/i.test(stoppedReason ?? '');
    return stopCode !== 'UserInitiated';
  });
  return failed.filter(({ taskDefinition }) => taskDefinition === failed[0]?.taskDefinition);
}

function taskText({ id, containers, stoppedReason, exitCode }: TaskState): string {
  const reasons = containers.flatMap(({ name, exitCode: code, reason, health }) => {
    if (reason !== null) return [`${name}: ${reason}`];
    if (health === 'UNHEALTHY') return [`${name}: its health check failed`];
    return code === null || code === 0 ? [] : [`${name}: exited with code ${code}`];
  });
  const why = [stoppedReason ?? 'stopped', ...reasons].join('; ');
  return `task ${id} stopped: ${why}${exitCode === 137 ? ' (137: killed, out of memory if nothing else stopped it)' : ''}`;
}

/** Tasks of one service fail alike: the first of each kind is shown. */
function distinct(lines: readonly string[]): readonly string[] {
  const kinds = new Map<string, string>();
  for (const line of lines) {
    const kind = line.replaceAll(/\b[0-9a-f]{32}\b|\d+\.\d+\.\d+\.\d+/g, '');
    if (!kinds.has(kind)) kinds.set(kind, line);
  }
  return [...kinds.values()];
}

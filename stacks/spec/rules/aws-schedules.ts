import type { SpecProblem } from '../problem.js';
import type { AgentSpec } from '../schema/agent.js';
import type { Rule } from './rule.js';

/** What AWS has no way to do with schedules and queues. */
export const awsSchedules: Rule = (spec, context) => {
  if (!context.targets.includes('aws')) return [];
  return [...withoutShell(spec), ...schedulerCron(spec), ...uncountedQueue(spec)];
};

/** ECS has no time limit for tasks: `sleep`, in the image of the task, is what ends one. */
function withoutShell({ schedules, clouds }: AgentSpec): readonly SpecProblem[] {
  if (clouds.aws?.containers.shell !== false) return [];
  return Object.keys(schedules).map((name): SpecProblem => {
    const message = `AWS does not support this: schedules.${name} is ended after its timeout by "sleep", which an image without a shell does not have`;
    const fix = 'use an image with /bin/sh, and leave out clouds.aws.containers.shell';
    return { code: 'not-supported', path: ['schedules', name], at: 'key', message, fix };
  });
}

/** EventBridge Scheduler user guide, "Schedule types": one of the two days is "?", and weeks run from 1 (Sunday) to 7. */
function schedulerCron(spec: AgentSpec): readonly SpecProblem[] {
  const schedules = Object.entries(spec.schedules).map(([name, { cron }]) => ({
    path: ['schedules', name, 'cron'],
    cron,
  }));
  const dumps = spec.postgres?.kind === 'managed' ? spec.postgres.backups.dumps : undefined;
  const all =
    dumps === undefined
      ? schedules
      : [...schedules, { path: ['postgres', 'backups', 'dumps', 'cron'], cron: dumps.cron }];
  return all.flatMap(({ path, cron }): readonly SpecProblem[] => {
    const [, , dayOfMonth = '*', , dayOfWeek = '*'] = cron.trim().split(/\s+/);
    const found = JSON.stringify(cron);
    const both = dayOfMonth !== '*' && dayOfWeek !== '*';
    if (!both && !beyondSaturday(dayOfWeek)) return [];
    const message = both
      ? `AWS does not support this: ${found} has days of the month and of the week; EventBridge Scheduler takes one of them`
      : `AWS does not support this: ${found} has days from one week to the next; weeks of EventBridge Scheduler begin on Sunday`;
    const fix = both ? 'set one of them to *, or make two schedules' : 'name the days, such as "sun,fri,sat"';
    return [{ code: 'not-supported', path, at: 'value', message, found, fix }];
  });
}

/** `5-7`: 7 is Sunday as 0 is, and EventBridge’s 1, so that the range would run backwards. */
function beyondSaturday(dayOfWeek: string): boolean {
  return dayOfWeek.split(',').some((item) => /^[1-6]-7(\/|$)/.test(item));
}

/** SQS and RabbitMQ are counted by AWS, any other queue only by the application. */
function uncountedQueue({ services, queue, observability }: AgentSpec): readonly SpecProblem[] {
  if (queue === undefined || observability.metrics.namespace !== undefined) return [];
  if (queue.kind === 'managed' && queue.engine !== 'redis') return [];
  return Object.entries(services).flatMap(([name, { scale }]): readonly SpecProblem[] => {
    if (scale.queueDepth === undefined) return [];
    const path = ['services', name, 'scale', 'queueDepth'];
    const message = `on AWS nothing counts what waits in ${queue.kind === 'managed' ? 'a queue on Redis' : 'an external queue'} but the application itself`;
    const fix = 'publish the metric QueueDepth, and name its namespace in observability.metrics.namespace';
    return [{ code: 'missing-key', path, at: 'key', message, fix }];
  });
}

import { cronProblem } from '../cron-problem.js';
import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

/** Every cron expression can be read and comes true some day. */
export const cron: Rule = (spec) => {
  const schedules = Object.entries(spec.schedules).map(([name, schedule]) => ({
    path: ['schedules', name, 'cron'],
    expression: schedule.cron,
  }));
  const dumps = spec.postgres?.kind === 'managed' ? spec.postgres.backups.dumps : undefined;
  const all =
    dumps === undefined
      ? schedules
      : [...schedules, { path: ['postgres', 'backups', 'dumps', 'cron'], expression: dumps.cron }];
  return all.flatMap(({ path, expression }): readonly SpecProblem[] => {
    const reason = cronProblem(expression);
    if (reason === undefined) return [];
    const message = `${JSON.stringify(expression)} is not a cron expression: ${reason}`;
    const fix = 'write five fields, such as "0 3 * * *" for every day at 03:00 UTC';
    return [{ code: 'bad-cron', path, at: 'value', message, found: JSON.stringify(expression), fix }];
  });
};

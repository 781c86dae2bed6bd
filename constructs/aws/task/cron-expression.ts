import type { Construct } from 'constructs';
import { constructError } from '../construct-error.js';

/**
 * A cron expression of five fields in EventBridge's six: with a year, `?` for the day that does not count, and days of the
 * week from 1 for Sunday ("Schedule types in EventBridge Scheduler").
 */
export function cronExpression(scope: Construct, cron: string): string {
  const fields = cron.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (
    fields.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  )
    throw constructError(scope, `cron is "${cron}", not five fields such as "0 3 * * *"`);
  if (dayOfMonth !== '*' && dayOfWeek !== '*')
    throw constructError(scope, `cron "${cron}" has days of the month and of the week; EventBridge takes one of them`);
  const days = dayOfWeek === '*' ? [dayOfMonth, '?'] : ['?', awsDays(dayOfWeek)];
  return `cron(${fromZero(minute)} ${fromZero(hour)} ${days[0]} ${month.toUpperCase()} ${days[1]} *)`;
}

/** EventBridge writes "every n-th" as `0/n`; elsewhere `*` before the slash means the same. */
function fromZero(field: string): string {
  return field.replaceAll(/(^|,)\*\//g, '$10/');
}

/** 0 and 7 are Sunday in cron, 1 is Sunday in EventBridge. Names stay. */
function awsDays(field: string): string {
  const [days = '', step] = field.toUpperCase().split('/');
  const shifted = days.replaceAll(/\d+/g, (day) => String((Number(day) % 7) + 1));
  return step === undefined ? shifted : `${shifted === '*' ? '1' : shifted}/${step}`;
}

import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration } from '../spec/index.js';

/** What CloudWatch Logs keeps logs for, in days: API reference, PutRetentionPolicy, retentionInDays. */
const allowedDays = Object.values(RetentionDays).flatMap((value): readonly [number, RetentionDays][] =>
  typeof value === 'number' && Number(value) < Number(RetentionDays.INFINITE) ? [[Number(value), value]] : [],
);

/** The shortest retention of CloudWatch that is long enough. */
export function logRetention({ seconds }: Duration): RetentionDays {
  const days = Math.ceil(seconds / 86_400);
  const enough = allowedDays.filter(([allowed]) => allowed >= days).toSorted(([left], [right]) => left - right);
  return enough[0]?.[1] ?? RetentionDays.TEN_YEARS;
}

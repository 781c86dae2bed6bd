import * as z from 'zod';

/** A span of time, written `120s`, `15m`, `1h` or `14d`. */
export interface Duration {
  readonly seconds: number;
}

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const pattern = /^(\d+)([smhd])$/;

/** The seconds in `15m`; undefined when the text is not a duration. */
export function parseDuration(text: string): Duration | undefined {
  const match = pattern.exec(text);
  const unit = secondsPerUnit[match?.[2] ?? ''];
  return unit === undefined ? undefined : { seconds: Number(match?.[1]) * unit };
}

/** A duration from `minimum` to `maximum`, both included and written as durations. */
export function duration(minimum: string, maximum: string) {
  const lowest = parseDuration(minimum)?.seconds ?? 0;
  const highest = parseDuration(maximum)?.seconds ?? Number.MAX_SAFE_INTEGER;
  const error = `a duration from ${minimum} to ${maximum}, such as ${lowest >= 86_400 ? '14d' : '90s, 15m or 1h'}`;
  return z
    .string({ error })
    .regex(pattern, { error, abort: true })
    .refine(
      (text) => {
        const seconds = parseDuration(text)?.seconds;
        return seconds !== undefined && seconds >= lowest && seconds <= highest;
      },
      { error },
    )
    .transform((text): Duration => ({ seconds: parseDuration(text)?.seconds ?? lowest }));
}

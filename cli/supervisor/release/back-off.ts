const firstSeconds = 0.5;
const longestSeconds = 30;
/** A process that ran this long was healthy: its next end starts the series again. */
const resetAfterSeconds = 60;

/** How often a process has ended without having run for a minute. */
export interface BackOff {
  readonly shortRuns: number;
}

/** Nothing has ended yet. */
export const freshBackOff: BackOff = { shortRuns: 0 };

/** How long to wait before a process that ended after `upSeconds` is started again: 0.5 s, doubled each time, at most 30 s. */
export function backOffAfter(
  current: BackOff,
  upSeconds: number,
): { readonly next: BackOff; readonly waitSeconds: number } {
  const shortRuns = upSeconds >= resetAfterSeconds ? 0 : current.shortRuns;
  const waitSeconds = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(shortRuns, 10));
  return { next: { shortRuns: shortRuns + 1 }, waitSeconds };
}

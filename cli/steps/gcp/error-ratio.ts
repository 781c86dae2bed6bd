import type { AnswerCounts } from '../../tools/gcp/monitoring/monitoring-tools.js';

/** Fewer may be chance. */
const leastErrors = 5;
/** Of its answers, what a release may fail at most; and how many times more often than the one before. */
const mostRatio = 0.05;
const worseThanBefore = 2;

/** Pure: why a release answers too many requests with server errors; undefined: it does not. */
export function errorRatioProblem(now: AnswerCounts, before: AnswerCounts | undefined): string | undefined {
  if (now.serverErrors < leastErrors || ratio(now) <= mostRatio) return undefined;
  // What fails as often without it is not mended by going back.
  if (before !== undefined && ratio(now) <= worseThanBefore * ratio(before)) return undefined;
  const compared = before === undefined || before.answers === 0 ? '' : `, the one before ${percent(ratio(before))}`;
  return `${percent(ratio(now))} of its ${now.answers} answers were server errors${compared}`;
}

function ratio({ answers, serverErrors }: AnswerCounts): number {
  return answers === 0 ? 0 : serverErrors / answers;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

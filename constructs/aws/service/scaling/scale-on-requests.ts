import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnRequests}. */
export interface ScaleOnRequestsOptions {
  /** Requests per minute that each task is kept at. @default 600 */
  readonly requestsPerMinute?: number;
}

/** Adds tasks when each gets too many requests. */
export function scaleOnRequests({ requestsPerMinute = 600 }: ScaleOnRequestsOptions = {}): ScalingRule {
  return { name: 'Requests', bind: (subject) => void [subject, requestsPerMinute] };
}

import type { MetricDatum } from '@aws-sdk/client-cloudwatch';

/** What was put, in order of arrival: `world.state(metricStore)`. */
export function metricStore(): { readonly namespace: string; readonly datum: MetricDatum }[] {
  return [];
}

import * as z from 'zod';
import type { GoogleRest } from '../gcloud/google-rest.js';
import type { AnswersOptions, MonitoringTools } from './monitoring-tools.js';

/** `ListTimeSeriesResponse` of the Cloud Monitoring API v3; 64-bit numbers are texts. */
const page = z.object({
  timeSeries: z
    .array(
      z.object({
        metric: z.object({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
        points: z
          .array(z.object({ value: z.object({ int64Value: z.union([z.string(), z.number()]).default(0) }) }))
          .default([]),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

export interface OpenMonitoringOptions {
  readonly rest: GoogleRest;
  /** Of the Cloud Monitoring API v3. */
  readonly endpoint: string;
  readonly project: string;
  /** @default - the clock */
  readonly now?: () => Date;
}

/** Opens {@link MonitoringTools}: over HTTP, as gcloud reads no time series. */
export function openMonitoring({
  rest,
  endpoint,
  project,
  now = () => new Date(),
}: OpenMonitoringOptions): MonitoringTools {
  return {
    async answers(options) {
      let answers = 0;
      let serverErrors = 0;
      for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
        const query = timeSeriesQuery(options, now(), pageToken);
        const response = await rest.send({
          method: 'GET',
          url: `${endpoint}/projects/${project}/timeSeries?${query}`,
          what: 'monitoring time-series list',
          signal: options.signal,
        });
        const found = page.parse(await response.json());
        for (const { metric, points } of found.timeSeries) {
          const sum = points.reduce((total, { value }) => total + Number(value.int64Value), 0);
          answers += sum;
          if (metric.labels['response_code_class'] === '5xx') serverErrors += sum;
        }
        pageToken = found.nextPageToken === '' ? undefined : found.nextPageToken;
      }
      return { answers, serverErrors };
    },
  };
}

/** Pure: `projects.timeSeries.list` for what a revision answered. Its points are differences, which add up. */
export function timeSeriesQuery(
  { service, revision, since }: Omit<AnswersOptions, 'signal'>,
  now: Date,
  pageToken: string,
): string {
  const filter = [
    'metric.type="run.googleapis.com/request_count"',
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${service}"`,
    `resource.labels.revision_name="${revision}"`,
  ].join(' AND ');
  return new URLSearchParams({
    filter,
    'interval.startTime': since.toISOString(),
    'interval.endTime': now.toISOString(),
    ...(pageToken === '' ? {} : { pageToken }),
  }).toString();
}

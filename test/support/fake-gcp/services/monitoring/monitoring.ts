import type { FakeService } from '../../fake-service.js';
import { GoogleError } from '../../google-error.js';
import { answerLog, type LoggedAnswer } from './answer-log.js';

/** Cloud Monitoring v3, as far as `run.googleapis.com/request_count` goes; what was counted is seen at once. */
export const monitoring: FakeService = {
  name: 'monitoring',
  routes: (world) => [
    {
      method: 'GET',
      path: '/v3/projects/{project}/timeSeries',
      name: 'projects.timeSeries.list',
      handle: ({ query }) => {
        const wanted = labelsIn(query.get('filter') ?? '');
        const [from, until] = ['interval.startTime', 'interval.endTime'].map((name) => timeIn(query.get(name), name));
        const found = world
          .state(answerLog)
          .filter(({ service, revision }) => wanted['service_name'] === service && wanted['revision_name'] === revision)
          .filter(({ at }) => from !== undefined && until !== undefined && at >= from && at <= until);
        const codes = [...new Set(found.map(({ status }) => status))];
        const series = codes.map((status) =>
          timeSeries(
            status,
            found.filter((one) => one.status === status),
            wanted,
          ),
        );
        // One series a page, so that pages are followed.
        const at = Number(query.get('pageToken') ?? '0');
        const nextPageToken = at + 1 < series.length ? String(at + 1) : '';
        return { timeSeries: series.slice(at, at + 1), nextPageToken, unit: '1' };
      },
    },
  ],
};

function timeSeries(
  status: number,
  answers: readonly LoggedAnswer[],
  labels: Readonly<Record<string, string>>,
): unknown {
  const time = answers.at(-1)?.at.toISOString();
  return {
    metric: {
      type: 'run.googleapis.com/request_count',
      labels: { response_code: String(status), response_code_class: `${String(status)[0]}xx` },
    },
    resource: { type: 'cloud_run_revision', labels },
    metricKind: 'DELTA',
    valueType: 'INT64',
    points: [{ interval: { startTime: time, endTime: time }, value: { int64Value: String(answers.length) } }],
  };
}

/** `resource.labels.service_name="web" AND …`; anything else is refused, as a misspelled filter would find nothing. */
function labelsIn(filter: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const part of filter.split(' AND ')) {
    const [, name = '', value = ''] = /^([\w.]+)="([^"]*)"$/.exec(part) ?? [];
    const fixed = { 'metric.type': 'run.googleapis.com/request_count', 'resource.type': 'cloud_run_revision' }[name];
    if (fixed !== undefined ? fixed !== value : !/^resource\.labels\.(?:service|revision)_name$/.test(name))
      throw new GoogleError('INVALID_ARGUMENT', `Field filter had an invalid value: ${part}`);
    if (fixed === undefined) labels[name.slice('resource.labels.'.length)] = value;
  }
  return labels;
}

function timeIn(text: string | null, name: string): Date {
  const time = new Date(text ?? '');
  if (Number.isNaN(time.getTime())) throw new GoogleError('INVALID_ARGUMENT', `Field ${name} had an invalid value`);
  return time;
}

import * as z from 'zod';
import { duration } from './duration.js';
import { flag, patternedText, text } from './text.js';

const url = () => patternedText(/^https?:\/\/\S+$/, 'a URL such as https://collector.example.com');
const ratioError = 'a number from 0 to 1, such as 0.1';

const logs = z.strictObject({
  retention: duration('1d', '3650d').prefault('30d').meta({ description: 'How long logs are kept.' }),
});

const alarms = z.strictObject({
  email: patternedText(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')
    .optional()
    .meta({ description: 'Address that is told when an alarm goes off.' }),
});

const prometheus = z.strictObject({
  path: text('a path such as /metrics')
    .prefault('/metrics')
    .meta({ description: 'Path of the metrics page.', pattern: '^/' }),
  interval: duration('5s', '5m').prefault('15s').meta({ description: 'Time between two scrapes.' }),
});

const metrics = z.strictObject({
  namespace: text('a name such as Agent/Quality')
    .optional()
    .meta({ description: 'Namespace the application publishes its own metrics under. Needed for `custom`.' }),
  custom: z
    .array(patternedText(/^[A-Za-z][A-Za-z0-9_.-]*$/, 'the name of a metric'), { error: 'a list of metric names' })
    .prefault([])
    .meta({
      description: 'Names of the application’s own metrics, shown on the dashboard; the application may publish them.',
    }),
  prometheus: prometheus.optional().meta({ description: 'Scrape every service with a port.' }),
});

const tracing = z.strictObject({
  langsmith: flag().prefault(false).meta({
    description: 'LangSmith tracing. Needs LANGSMITH_API_KEY or LANGCHAIN_API_KEY in `secrets`.',
  }),
  otlp: url().optional().meta({ description: 'OpenTelemetry collector to send traces to.' }),
  samplingRatio: z
    .number({ error: ratioError })
    .min(0, { error: ratioError })
    .max(1, { error: ratioError })
    .prefault(1)
    .meta({ description: 'Share of traces that is kept.' }),
});

/** Logs, alarms, metrics and traces. */
export const observabilitySchema = z.strictObject({
  logs: logs.prefault({}).meta({ description: 'Logs.' }),
  alarms: alarms.prefault({}).meta({ description: 'Alarms.' }),
  metrics: metrics.prefault({}).meta({ description: 'Metrics.' }),
  tracing: tracing.prefault({}).meta({ description: 'Traces.' }),
});

/** Logs, alarms, metrics and traces. */
export type ObservabilitySpec = z.output<typeof observabilitySchema>;

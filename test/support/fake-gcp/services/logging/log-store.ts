import type { FakeWorld } from '../../fake-world.js';

/** One entry of Cloud Logging, as `entries.list` answers it. */
export interface LogEntry {
  readonly insertId: string;
  readonly logName: string;
  readonly timestamp: string;
  readonly receiveTimestamp: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: string;
  readonly textPayload?: string;
  readonly jsonPayload?: Readonly<Record<string, unknown>>;
}

/** Where the lines of a container go. */
export interface LogSource {
  readonly resource: LogEntry['resource'];
  readonly labels: Readonly<Record<string, string>>;
}

/** Takes what a container prints, a line an entry. */
export interface LogWriter {
  readonly write: (chunk: Buffer, stream: 'out' | 'err') => void;
  /** The rest that has no end of line. */
  readonly close: () => void;
}

/** The logs of one fake: `world.state(logStore)`. */
export interface LogStore {
  readonly entries: readonly LogEntry[];
  readonly open: (source: LogSource) => LogWriter;
}

export function logStore(world: FakeWorld): LogStore {
  const entries: LogEntry[] = [];
  let last = 0;
  const add = ({ resource, labels }: LogSource, stream: 'out' | 'err', line: string): void => {
    // Entries of one source keep their order: no two have the same time.
    last = Math.max(Date.now() * 1000, last + 1);
    const timestamp = `${new Date(Math.floor(last / 1000)).toISOString().slice(0, -1)}${String(last % 1000).padStart(3, '0')}Z`;
    const fields = fieldsOf(line);
    entries.push({
      insertId: String(entries.length + 1).padStart(12, '0'),
      logName: `projects/${world.project}/logs/run.googleapis.com%2Fstd${stream}`,
      timestamp,
      receiveTimestamp: timestamp,
      resource,
      labels,
      severity: typeof fields?.['severity'] === 'string' ? fields['severity'] : 'DEFAULT',
      ...(fields === undefined ? { textPayload: line } : { jsonPayload: fields }),
    });
  };
  return {
    entries,
    open(source) {
      const open = { out: '', err: '' };
      return {
        write(chunk, stream) {
          const lines = `${open[stream]}${chunk.toString('utf8')}`.split('\n');
          open[stream] = lines.pop() ?? '';
          for (const line of lines) if (line !== '') add(source, stream, line);
        },
        close() {
          for (const stream of ['out', 'err'] as const) {
            if (open[stream] !== '') add(source, stream, open[stream]);
            open[stream] = '';
          }
        },
      };
    },
  };
}

/** A line of JSON becomes a payload of fields (Cloud Run, "Writing structured logs"). */
function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

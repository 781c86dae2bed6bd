/** One line of Cloud Logging. */
export interface GcpLogLine {
  /** ISO 8601. */
  readonly at: string;
  /** Revision, or execution of a job, that printed it. */
  readonly source: string;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** What prints: the instances of a service, worker pool or revision, all runs of a job, or one. */
export interface LogSource {
  readonly kind: 'service' | 'worker' | 'revision' | 'job' | 'execution';
  /** On Cloud Run. */
  readonly name: string;
}

export interface ReadLogOptions {
  readonly of: LogSource;
  /** How many lines from before now. */
  readonly tail: number;
  /** Go on until the signal aborts, which ends it without an error. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Cloud Logging. */
export interface LogTools {
  /** Oldest first. */
  lines(options: ReadLogOptions): AsyncIterable<GcpLogLine>;
}

/** One line of Cloud Logging. */
export interface GcpLogLine {
  /** ISO 8601. */
  readonly at: string;
  /** Revision, or execution of a job, that printed it. */
  readonly source: string;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

export interface ReadLogOptions {
  /** In the query language of Cloud Logging; see `log-filters.ts`. */
  readonly filter: string;
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

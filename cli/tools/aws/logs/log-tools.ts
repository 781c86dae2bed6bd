/** One line of a CloudWatch log. */
export interface AwsLogLine {
  /** ISO 8601. */
  readonly at: string;
  readonly stream: string;
  readonly text: string;
}

export interface ReadLogOptions {
  readonly group: string;
  /** @default - every stream */
  readonly streamPrefix?: string;
  /** @default - every stream */
  readonly streams?: readonly string[];
  /** How many lines from before now. */
  readonly tail: number;
  /** Go on until the signal aborts, which ends it without an error. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** CloudWatch Logs. */
export interface LogTools {
  /** Oldest first. A group or stream that is not there is empty. */
  lines(options: ReadLogOptions): AsyncIterable<AwsLogLine>;
  /** Log streams with a prefix, newest first. */
  streams(group: string, prefix: string, signal: AbortSignal): Promise<readonly string[]>;
}

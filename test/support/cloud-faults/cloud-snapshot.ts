import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';

/** What is in the database of a stage. */
export interface SchemaFacts {
  readonly head: number;
  /** Tables that migrations have made, and heads that they have recorded: both or neither. */
  readonly tables: readonly number[];
  readonly recorded: readonly number[];
  readonly rows: ReadonlySet<string>;
}

/** Everything that is looked at between two runs; the fake is asked, not the cloud, so that no call is counted. */
export interface CloudSnapshot {
  readonly url: string | undefined;
  /** What the public address answers with. */
  readonly body: string | undefined;
  readonly tokenDigest: string | undefined;
  readonly ledger: readonly ReleaseRecord[];
  /** Text of the lock. */
  readonly lock: string | undefined;
  /** Whether `bootstrap` was run. */
  readonly isPrepared: boolean;
  /** Whether there is anything of the stage. */
  readonly isDeployed: boolean;
  /** What belongs to nothing, such as a task of no service, in words. */
  readonly loose: readonly string[];
  /** Locks that a tool of the cloud has left, in words. @default - there are no such */
  readonly toolLocks?: readonly string[];
  /** What is still at work though no command is, in words. */
  readonly busy: readonly string[];
  /** What no command that came to its end leaves so, in words. */
  readonly unsettled: readonly string[];
  /** Image digest of everything that serves. */
  readonly running: readonly string[];
  readonly database: SchemaFacts | undefined;
  readonly acknowledged: readonly string[];
}

/** The release that the ledger says serves. */
export function recordedServing({ ledger }: Pick<CloudSnapshot, 'ledger'>): ReleaseRecord | undefined {
  return ledger.findLast(({ outcome }) => outcome === 'released');
}

import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { SecretStore } from '../../supervisor/secret-store.js';
import type { SupervisorStatus } from '../../supervisor/protocol.js';
import type { GitFacts } from '../../tools/git/git-facts.js';

/** Everything about a stage that a plan depends on, read before it is made. */
export interface StageFacts {
  /** Oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** Releases whose record cannot be read: their numbers are taken, and what they run from is unknown. */
  readonly damaged: readonly Pick<ReleaseRecord, 'id'>[];
  /** Undefined when no supervisor answers. */
  readonly running: SupervisorStatus | undefined;
  /** Version of each secret that has a value; says nothing about the values. */
  readonly secretVersions: SecretStore['versions'];
  /** What the database says its schema is; null without one. */
  readonly schema: string | null;
  /** Whether there is data of a database, running or not. */
  readonly hasDatabase: boolean;
  /** Keys of the artifacts that are stored. */
  readonly artifacts: readonly string[];
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly now: string;
  readonly runId: string;
}

/** What a deploy needs besides: the source. */
export interface LocalFacts extends StageFacts {
  /** Digest per build context. */
  readonly digests: Readonly<Record<string, string>>;
  readonly git: GitFacts | undefined;
}

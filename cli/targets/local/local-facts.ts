import type { GitFacts } from '../../tools/git/git-facts.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { SupervisorStatus } from '../../supervisor/protocol.js';

/** Everything about this machine that a plan depends on, read before it is made. */
export interface LocalFacts {
  /** Oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** Undefined when no supervisor answers. */
  readonly running: SupervisorStatus | undefined;
  /** Digest per build context. */
  readonly digests: Readonly<Record<string, string>>;
  /** Changes when a secret value does; says nothing about the values. */
  readonly secretsVersion: string;
  readonly git: GitFacts | undefined;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly now: string;
  readonly runId: string;
}

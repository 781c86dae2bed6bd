import type { Platform } from '../../../stacks/spec/index.js';
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
  /** Keys of the builds that are stored: directories, and images in the engine. */
  readonly artifacts: readonly string[];
  /** Id of the image in the engine by the content it was built from. */
  readonly imageOf: Readonly<Record<string, string>>;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly now: string;
  readonly runId: string;
}

/** What a deploy needs besides: the source. */
export interface LocalFacts extends StageFacts {
  /** What each source is made of: a hash of its content, or of an image from elsewhere its digest. */
  readonly digests: Readonly<Record<string, string>>;
  /** What runs here without emulation. */
  readonly platform: Platform;
  /** Of the stage, see StateLayout. */
  readonly key: string;
  readonly git: GitFacts | undefined;
}

import type { StackKind, StageScope } from '../../../stacks/gcp/naming.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { StackChanges } from '../../plan/plan.js';
import type { ImageFacts } from '../add-images.js';

/** Outputs of the configurations of a stage, as far as they were applied. */
export type StageOutputs = Readonly<Partial<Record<StackKind, Readonly<Record<string, string>>>>>;

/** Everything about a stage that a plan depends on, read before it is made. */
export interface GcpStageFacts {
  readonly scope: StageScope;
  readonly project: string;
  /** Oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** Releases whose record cannot be read: their numbers are taken, and what they run is unknown. */
  readonly damaged: readonly Pick<ReleaseRecord, 'id'>[];
  /** Absent: nothing of that configuration is there. */
  readonly outputs: StageOutputs;
  /** Of the name of the database; undefined: it has none. */
  readonly databaseSuffix: string | undefined;
  /** Newest enabled version of the secrets that the plan is about, by name. */
  readonly versions: ReadonlyMap<string, string>;
  /** Newest version of these secrets, whatever its state. */
  readonly lastVersions: ReadonlyMap<string, string>;
  /** How long a tenth of the traffic is watched before the rest follows. */
  readonly bakeSeconds: number;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly now: string;
  readonly runId: string;
}

/** What a deploy needs besides: the source, and what the configurations would change. */
export interface GcpFacts extends GcpStageFacts, ImageFacts {
  /** Whether the release that serves is what the spec still makes, with the same images and versions of secrets. */
  readonly isUnchanged: boolean;
  /** Configurations that no longer have something that is there. */
  readonly drops: readonly StackKind[];
  /** How the configurations differ from what is there. */
  readonly changes: readonly StackChanges[];
}

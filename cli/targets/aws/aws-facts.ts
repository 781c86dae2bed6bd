import type { StackKind, StageScope } from '../../../stacks/aws/naming.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { StackChanges } from '../../plan/plan.js';
import type { StackState } from '../../tools/aws/stacks/stack-tools.js';
import type { ImageFacts } from '../add-images.js';

/** Everything about a stage that a plan depends on, read before it is made. */
export interface AwsStageFacts {
  readonly scope: StageScope;
  /** Oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** Releases whose record cannot be read: their numbers are taken, and what they run is unknown. */
  readonly damaged: readonly Pick<ReleaseRecord, 'id'>[];
  /** Absent: there is no such stack. */
  readonly stacks: Readonly<Partial<Record<StackKind, StackState>>>;
  /** Current version of every secret of the stage, by its name in Secrets Manager. */
  readonly versions: ReadonlyMap<string, string>;
  /** Names of the secrets with a value that waits to come into use: of a rotation that was cut short. */
  readonly pending: ReadonlySet<string>;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly now: string;
  readonly runId: string;
}

/** What a deploy needs besides: the source, and what the templates would change. */
export interface AwsFacts extends AwsStageFacts, ImageFacts {
  /** Whether the templates of the release that serves are what the spec still makes, with the same images and secrets. */
  readonly isUnchanged: boolean;
  /** How the templates differ from what is deployed. */
  readonly changes: readonly StackChanges[];
  /** Whether the foundation has something that the file asks for no longer; services may use it until they are rolled out. */
  readonly dropsParts: boolean;
}

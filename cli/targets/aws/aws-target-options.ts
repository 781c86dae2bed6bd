import type { StagePlace } from '../stage-place.js';

/** What a stage of AWS is reached with. */
export interface AwsTargetOptions extends StagePlace {
  /** Flags that repeat the choice of stage, for hints. */
  readonly flags: string;
  /** @default - AWS_REGION, then the profile's */
  readonly region?: string | undefined;
  /** The account everything must happen in. @default - any */
  readonly accountId?: string | undefined;
}

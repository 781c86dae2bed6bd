import type { StagePlace } from '../stage-place.js';

/** What a stage of Google Cloud is reached with. */
export interface GcpTargetOptions extends StagePlace {
  /** Flags that repeat the choice of stage, for hints. */
  readonly flags: string;
  readonly project: string;
  readonly region: string;
}

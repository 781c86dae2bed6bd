import type { Duration } from 'aws-cdk-lib/core';

/** Tasks are replaced in place; failing ones bring the old ones back. */
export interface RollingRollout {
  readonly kind: 'rolling';
  /** Tasks that may fail to start before the old ones are brought back. @default 3 */
  readonly failedTasks?: number;
}

/** All traffic goes to the new tasks at once; the old ones wait for `bakeTime`. */
export interface BlueGreenRollout {
  readonly kind: 'blueGreen';
  /** How long the old tasks are kept to go back to. @default 5 min */
  readonly bakeTime?: Duration;
}

/** A small part of the traffic goes to the new tasks first. */
export interface CanaryRollout {
  readonly kind: 'canary';
  /** Percent of the traffic the new tasks get first. @default 10 */
  readonly stepPercent?: number;
  /** How long they have it. @default 5 min */
  readonly stepBakeTime?: Duration;
  /** How long the old tasks are kept to go back to. @default 5 min */
  readonly bakeTime?: Duration;
}

/** Traffic moves to the new tasks in equal steps. */
export interface LinearRollout {
  readonly kind: 'linear';
  /** Percent of the traffic that moves in each step. @default 20 */
  readonly stepPercent?: number;
  /** Time between two steps. @default 2 min */
  readonly stepBakeTime?: Duration;
  /** How long the old tasks are kept to go back to. @default 5 min */
  readonly bakeTime?: Duration;
}

/** How a new revision replaces the old one. */
export type Rollout = RollingRollout | BlueGreenRollout | CanaryRollout | LinearRollout;

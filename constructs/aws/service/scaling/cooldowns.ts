import { Duration } from 'aws-cdk-lib/core';

/** Time before the next tasks are added: short, as the queue grows meanwhile. */
export const scaleOutCooldown = Duration.seconds(60);
/** Time before the next task is removed: long, as load comes back sooner than a task starts. */
export const scaleInCooldown = Duration.seconds(300);

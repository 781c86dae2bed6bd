import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { scaleInCooldown, scaleOutCooldown } from './cooldowns.js';
import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnMemory}. */
export interface ScaleOnMemoryOptions {
  /** Percent of memory that tasks are kept at. @default 75 */
  readonly targetPercent?: number;
}

/** Adds tasks when memory is short. It removes none: what holds memory seldom gives it back. */
export function scaleOnMemory({ targetPercent = 75 }: ScaleOnMemoryOptions = {}): ScalingRule {
  return {
    name: 'Memory',
    bind: ({ scalableTarget }) => {
      scalableTarget.scaleToTrackMetric('Memory', {
        predefinedMetric: appscaling.PredefinedMetric.ECS_SERVICE_AVERAGE_MEMORY_UTILIZATION,
        targetValue: targetPercent,
        disableScaleIn: true,
        scaleInCooldown,
        scaleOutCooldown,
      });
    },
  };
}

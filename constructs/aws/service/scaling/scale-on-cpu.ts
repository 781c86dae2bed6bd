import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { scaleInCooldown, scaleOutCooldown } from './cooldowns.js';
import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnCpu}. */
export interface ScaleOnCpuOptions {
  /** Percent of CPU that tasks are kept at. @default 60 */
  readonly targetPercent?: number;
}

/** Adds tasks when the processors are busy. */
export function scaleOnCpu({ targetPercent = 60 }: ScaleOnCpuOptions = {}): ScalingRule {
  return {
    name: 'Cpu',
    bind: ({ scalableTarget }) => {
      scalableTarget.scaleToTrackMetric('Cpu', {
        predefinedMetric: appscaling.PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
        targetValue: targetPercent,
        scaleInCooldown,
        scaleOutCooldown,
      });
    },
  };
}

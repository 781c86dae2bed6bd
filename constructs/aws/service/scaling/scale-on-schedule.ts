import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { constructError } from '../../construct-error.js';
import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnSchedule}. */
export interface ScaleOnScheduleOptions {
  /** Tells this schedule from others of the service; part of a construct id. */
  readonly name: string;
  readonly schedule: appscaling.Schedule;
  /** Fewest tasks from then on. @default - unchanged */
  readonly minTasks?: number;
  /** Most tasks from then on. @default - unchanged */
  readonly maxTasks?: number;
}

/** Changes the fewest and most tasks at set times. */
export function scaleOnSchedule(options: ScaleOnScheduleOptions): ScalingRule {
  const { name, schedule, minTasks, maxTasks } = options;
  return {
    name,
    bind: ({ scalableTarget, scope }) => {
      if (minTasks === undefined && maxTasks === undefined)
        throw constructError(scope, `the schedule ${name} changes neither minTasks nor maxTasks`);
      scalableTarget.scaleOnSchedule(name, {
        schedule,
        ...(minTasks === undefined ? {} : { minCapacity: minTasks }),
        ...(maxTasks === undefined ? {} : { maxCapacity: maxTasks }),
      });
    },
  };
}

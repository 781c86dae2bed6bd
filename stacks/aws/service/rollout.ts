import { Duration } from 'aws-cdk-lib/core';
import type { Rollout } from '../../../constructs/aws/index.js';
import type { AwsSpec } from '../../spec/index.js';

/** How a public service gets its new tasks. */
export function rolloutOf({ rollout }: AwsSpec): Rollout {
  const { strategy, stepPercent } = rollout;
  const [bakeTime, stepBakeTime] = [rollout.bake, rollout.stepBake].map(({ seconds }) =>
    // ECS counts whole minutes.
    Duration.minutes(Math.ceil(seconds / 60)),
  );
  const bake = bakeTime === undefined ? {} : { bakeTime };
  const step = { stepPercent, ...(stepBakeTime === undefined ? {} : { stepBakeTime }) };
  switch (strategy) {
    case 'rolling':
      return { kind: 'rolling' };
    case 'blueGreen':
      return { kind: 'blueGreen', ...bake };
    case 'canary':
      return { kind: 'canary', ...step, ...bake };
    case 'linear':
      return { kind: 'linear', ...step, ...bake };
  }
}

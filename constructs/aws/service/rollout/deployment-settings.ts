import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import type { Rollout } from './rollout.js';

/** Service properties that a rollout consists of. */
export type DeploymentSettings = Pick<
  ecs.FargateServiceProps,
  | 'circuitBreaker'
  | 'minHealthyPercent'
  | 'maxHealthyPercent'
  | 'deploymentStrategy'
  | 'bakeTime'
  | 'canaryConfiguration'
  | 'linearConfiguration'
>;

const fiveMinutes = Duration.minutes(5);
/** New tasks come before old ones go, so that capacity never falls. */
const capacity = { minHealthyPercent: 100, maxHealthyPercent: 200 };

/**
 * Pure: a rollout in ECS's words. The bake time is always written out: left out, CloudFormation waits for hours (the window
 * is 36 h). The circuit breaker belongs to rolling deployments only; the others are brought back by their alarms.
 */
export function deploymentSettings(rollout: Rollout): DeploymentSettings {
  switch (rollout.kind) {
    case 'rolling':
      return { ...capacity, circuitBreaker: { enable: true, rollback: true } };
    case 'blueGreen':
      return {
        ...capacity,
        deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN,
        bakeTime: rollout.bakeTime ?? fiveMinutes,
      };
    case 'canary':
      return {
        ...capacity,
        deploymentStrategy: ecs.DeploymentStrategy.CANARY,
        bakeTime: rollout.bakeTime ?? fiveMinutes,
        canaryConfiguration: {
          stepPercent: rollout.stepPercent ?? 10,
          stepBakeTime: rollout.stepBakeTime ?? fiveMinutes,
        },
      };
    case 'linear':
      return {
        ...capacity,
        deploymentStrategy: ecs.DeploymentStrategy.LINEAR,
        bakeTime: rollout.bakeTime ?? fiveMinutes,
        linearConfiguration: {
          stepPercent: rollout.stepPercent ?? 20,
          stepBakeTime: rollout.stepBakeTime ?? Duration.minutes(2),
        },
      };
  }
}

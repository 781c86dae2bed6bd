import type { ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs';
import { fakeTiming } from '../../fake-timing.js';
import type { FakeWorld } from '../../fake-world.js';
import { loadBalancing, type Rule, targetsOf } from '../elb/load-balancing.js';
import type { DeploymentRecord, EcsDeployment } from './ecs-deployment.js';
import type { EcsService, ServiceSettings } from './ecs-service.js';

/** Whether a service gets its tasks beside the old ones, and the traffic is moved: `BLUE_GREEN`, `CANARY`, `LINEAR`. */
export function isShifting({ deploymentConfiguration, loadBalancers }: ServiceSettings): boolean {
  const { strategy = 'ROLLING' } = deploymentConfiguration;
  return strategy !== 'ROLLING' && loadBalancers[0]?.advancedConfiguration !== undefined;
}

/** The target group of each load balancer that tasks of the next deployment are put into: the one that is not used now. */
export function nextTargetGroups({ settings, completed }: EcsService): readonly string[] {
  return settings.loadBalancers.map(({ targetGroupArn = '', advancedConfiguration }, index) => {
    const alternate = advancedConfiguration?.alternateTargetGroupArn;
    const isUsed = isShifting(settings) && completed?.targetGroups[index] === targetGroupArn;
    return isUsed && alternate !== undefined ? alternate : targetGroupArn;
  });
}

/** The record of a deployment whose traffic still has to be moved, or moved back; the old tasks stay as long. */
export function shiftUnderWay(service: EcsService, primary: EcsDeployment): DeploymentRecord | undefined {
  if (!isShifting(service.settings)) return undefined;
  const record = service.records.find(({ deployment }) => deployment === primary);
  const isOver = record?.status !== 'IN_PROGRESS' || record.lifecycleStage === 'CLEAN_UP';
  return isOver || record.source === undefined ? undefined : record;
}

/** Goes from stage to stage: new tasks are ready, traffic moves in steps, the old tasks wait, the old tasks go. */
export function shiftTraffic(world: FakeWorld, service: EcsService, primary: EcsDeployment, isReady: boolean): void {
  const record = shiftUnderWay(service, primary);
  if (record?.source === undefined) return;
  const { shiftMilliseconds } = world.state(fakeTiming);
  const enter = (stage: ServiceDeploymentLifecycleStage): void => {
    record.lifecycleStage = stage;
    record.stageSince = performance.now();
  };
  const isDue = performance.now() - record.stageSince >= shiftMilliseconds;
  if (record.lifecycleStage === 'BAKE_TIME') return isDue ? enter('CLEAN_UP') : undefined;
  if (record.lifecycleStage !== 'PRODUCTION_TRAFFIC_SHIFT')
    return enter(isReady ? 'PRODUCTION_TRAFFIC_SHIFT' : 'SCALE_UP');
  if (record.stepsDone > 0 && !isDue) return;
  const percent = stepsOf(service.settings)[record.stepsDone];
  if (percent === undefined) return enter('BAKE_TIME');
  moveTraffic(world, service, primary, record.source, percent);
  record.stepsDone += 1;
  record.stageSince = performance.now();
}

/** Percent of the traffic that the new tasks have after each step. */
function stepsOf({ deploymentConfiguration }: ServiceSettings): readonly number[] {
  const { strategy, canaryConfiguration, linearConfiguration } = deploymentConfiguration;
  if (strategy === 'CANARY') return [canaryConfiguration?.canaryPercent ?? 5, 100];
  if (strategy !== 'LINEAR') return [100];
  const step = linearConfiguration?.stepPercent ?? 10;
  return Array.from({ length: Math.ceil(100 / step) }, (_, index) => Math.min(100, (index + 1) * step));
}

/** Sets the weights of the production rule, which is what ECS does with it. */
export function moveTraffic(
  world: FakeWorld,
  { settings }: EcsService,
  to: EcsDeployment,
  from: EcsDeployment,
  percent = 100,
): void {
  settings.loadBalancers.forEach(({ advancedConfiguration }, index) => {
    const rule = findRule(world, advancedConfiguration?.productionListenerRule ?? '');
    if (rule === undefined) return;
    const weights = new Map([
      [to.targetGroups[index], percent],
      [from.targetGroups[index], 100 - percent],
    ]);
    rule.actions = rule.actions.map((action) => ({
      ...action,
      ForwardConfig: {
        ...action.ForwardConfig,
        TargetGroups: targetsOf(action).map(({ arn }) => ({ TargetGroupArn: arn, Weight: weights.get(arn) ?? 0 })),
      },
    }));
  });
}

function findRule(world: FakeWorld, arn: string): Rule | undefined {
  const listeners = [...world.state(loadBalancing).loadBalancers.values()].flatMap((each) => [
    ...each.listeners.values(),
  ]);
  return listeners.map(({ rules }) => rules.get(arn)).find((rule) => rule !== undefined);
}

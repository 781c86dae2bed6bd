import { randomInt } from 'node:crypto';
import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { alarmStore } from '../cloudwatch/alarm-store.js';
import type { EcsService } from './ecs-service.js';
import { nextTargetGroups } from './shift-traffic.js';

/** One set of tasks of a service, from one task definition. */
export interface EcsDeployment {
  /** `ecs-svc/1234567890123456789` */
  readonly id: string;
  readonly taskDefinition: client.TaskDefinition;
  readonly revisionArn: string;
  readonly createdAt: Date;
  updatedAt: Date;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  rolloutState: client.DeploymentRolloutState;
  rolloutStateReason: string;
  failedTasks: number;
  /** When all of its tasks were ready first: alarms are watched a little longer. */
  readySince: number | undefined;
  /** Not before this (performance.now()) are tasks started: after failures it takes longer. */
  startNotBefore: number;
  /** Alarms that had gone off when it began are not watched. */
  readonly watchedAlarms: readonly string[];
  /** Where its tasks are registered: one of each load balancer of the service. */
  readonly targetGroups: readonly string[];
}

/** What has given a deployment up. */
export type FailureCause = 'circuit breaker' | 'alarm' | 'stop';

/** How a deployment ended. */
export type DeploymentEnd =
  | { readonly kind: 'completed' }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'failed'; readonly by: FailureCause; readonly reason: string };

/** A deployment as `DescribeServiceDeployments` remembers it. */
export interface DeploymentRecord {
  readonly arn: string;
  readonly deployment: EcsDeployment;
  readonly source: EcsDeployment | undefined;
  readonly createdAt: Date;
  finishedAt: Date | undefined;
  status: client.ServiceDeploymentStatus;
  statusReason: string | undefined;
  rollback: client.Rollback | undefined;
  triggeredAlarms: readonly string[];
  /** Of a deployment that moves traffic. */
  lifecycleStage: client.ServiceDeploymentLifecycleStage | undefined;
  /** When it began (performance.now()), or the last step of it. */
  stageSince: number;
  /** Steps in which traffic has moved. */
  stepsDone: number;
  readonly settle: (end: DeploymentEnd) => void;
  /** How it ended; a failed one is not yet rolled back then. */
  readonly settled: Promise<DeploymentEnd>;
}

export function newDeployment(
  world: FakeWorld,
  service: EcsService,
): { readonly deployment: EcsDeployment; readonly record: DeploymentRecord } {
  const number = Array.from({ length: 19 }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('');
  const at = new Date();
  const id = `ecs-svc/${number}`;
  const { alarms } = service.settings.deploymentConfiguration;
  const { alarmNames = [] } = alarms?.enable === true ? alarms : {};
  const deployment: EcsDeployment = {
    id,
    taskDefinition: service.settings.taskDefinition,
    revisionArn: world.arn('ecs', `service-revision/${service.cluster.name}/${service.name}/${number}`),
    createdAt: at,
    updatedAt: at,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    readySince: undefined,
    startNotBefore: 0,
    watchedAlarms: alarmNames.filter((name) => world.state(alarmStore).alarms.get(name)?.state !== 'ALARM'),
    targetGroups: nextTargetGroups(service),
  };
  let settle: DeploymentRecord['settle'] = () => undefined;
  const settled = new Promise<DeploymentEnd>((resolve) => (settle = resolve));
  const record: DeploymentRecord = {
    arn: world.arn('ecs', `service-deployment/${service.cluster.name}/${service.name}/${world.newId(21)}`),
    deployment,
    source: service.completed,
    createdAt: at,
    finishedAt: undefined,
    status: 'IN_PROGRESS',
    statusReason: undefined,
    rollback: undefined,
    triggeredAlarms: [],
    lifecycleStage: undefined,
    stageSince: 0,
    stepsDone: 0,
    settle,
    settled,
  };
  return { deployment, record };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html: half of the tasks, 3 to 200. */
export function failureThreshold({ settings }: EcsService): number {
  const { thresholdConfiguration } = settings.deploymentConfiguration.deploymentCircuitBreaker ?? {};
  const { type, value } = thresholdConfiguration ?? {};
  if (type === 'COUNT' && value !== undefined) return value;
  return Math.min(Math.max(Math.ceil(settings.desiredCount * 0.5), 3), 200);
}

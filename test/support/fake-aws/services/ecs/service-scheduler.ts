import { fakeTiming } from '../../fake-timing.js';
import type { FakeWorld } from '../../fake-world.js';
import { loadBalancing } from '../elb/load-balancing.js';
import { alarmStore } from '../cloudwatch/alarm-store.js';
import { type DeploymentRecord, type EcsDeployment, type FailureCause, failureThreshold } from './ecs-deployment.js';
import type { EcsService, ServiceTask } from './ecs-service.js';
import { privateNames } from './private-names.js';
import { startTask } from './ecs-task.js';
import { isShifting, moveTraffic, shiftTraffic, shiftUnderWay } from './shift-traffic.js';

/** After a failure the next task waits this long, twice as long each time. */
const firstBackoffMilliseconds = 20;
const longestBackoffMilliseconds = 1000;

type Act = (world: FakeWorld, service: EcsService, primary: EcsDeployment) => void;

/** Keeps a service as it shall be, until the returned function is called. */
export function runServiceScheduler(world: FakeWorld, service: EcsService): () => void {
  const timing = world.state(fakeTiming);
  const look = (): void => {
    registerTargets(world, service);
    if (service.settings.serviceRegistries.length > 0) world.state(privateNames).publish();
    for (const act of acts) {
      // A deployment that fails hands over to the one before it, in the middle of this.
      const primary = service.deployments[0];
      if (primary !== undefined) act(world, service, primary);
    }
  };
  const timer = setInterval(look, timing.serviceMilliseconds);
  return () => clearInterval(timer);
}

/** Runs, passes its own health checks and those of all of its target groups. */
export function isReady({ task, targets }: ServiceTask): boolean {
  return (
    task.lastStatus === 'RUNNING' &&
    targets !== undefined &&
    targets.every(({ state }) => state === 'healthy') &&
    task.containers.every(({ definition, health }) => definition.healthCheck === undefined || health === 'HEALTHY')
  );
}

/** Tasks of a deployment that are meant to run. */
export function liveTasks(service: EcsService, deployment: EcsDeployment): readonly ServiceTask[] {
  return service.tasks.filter((each) => each.deployment === deployment && each.task.desiredStatus === 'RUNNING');
}

function registerTargets(world: FakeWorld, service: EcsService): void {
  const { loadBalancers } = service.settings;
  for (const each of service.tasks) {
    if (each.targets !== undefined || each.task.lastStatus !== 'RUNNING') continue;
    each.targets = loadBalancers.map(({ containerPort }, index) => {
      const targetGroupArn = each.deployment.targetGroups[index] ?? '';
      service.say(`registered 1 targets in (target-group ${targetGroupArn})`);
      return world.state(loadBalancing).targetGroup(targetGroupArn).register(each.task.address, Number(containerPort));
    });
  }
}

function accountForStopped(_world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  for (const each of service.tasks) {
    const { task, deployment } = each;
    if (isReady(each) && !each.hasBeenReady) {
      each.hasBeenReady = true;
      const { resetOnHealthyTask = true } = service.settings.deploymentConfiguration.deploymentCircuitBreaker ?? {};
      if (resetOnHealthyTask) deployment.failedTasks = 0;
    }
    if (each.isAccounted || task.desiredStatus !== 'STOPPED') continue;
    each.isAccounted = true;
    // Its targets went with it if the service has stopped it.
    if (task.stopCode !== 'ServiceSchedulerInitiated') void Promise.all(deregistrations(service, each));
    const isFailure = task.stopCode === 'TaskFailedToStart' || task.stopCode === 'EssentialContainerExited';
    if (!isFailure || deployment !== primary) continue;
    countFailure(deployment);
    if (task.stopCode === 'TaskFailedToStart')
      service.say(`was unable to start a task. Reason: ${task.stoppedReason}.`);
  }
  service.tasks = service.tasks.filter(({ task, isAccounted }) => !isAccounted || task.lastStatus !== 'STOPPED');
}

function countFailure(deployment: EcsDeployment): void {
  deployment.failedTasks += 1;
  const backoff = firstBackoffMilliseconds * 2 ** deployment.failedTasks;
  deployment.startNotBefore = performance.now() + Math.min(backoff, longestBackoffMilliseconds);
}

function stopUnhealthy(world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  const graceMilliseconds = world.state(fakeTiming).longestGraceSeconds * 1000;
  for (const each of service.tasks) {
    const { task, targets = [], hasBeenReady, deployment } = each;
    if (task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') continue;
    const isInGrace = !hasBeenReady && Date.now() - (task.startedAt?.getTime() ?? 0) < graceMilliseconds;
    if (isInGrace) continue;
    const at = targets.findIndex(({ state }) => state === 'unhealthy' || (!hasBeenReady && state === 'initial'));
    const target = targets[at];
    const arn = deployment.targetGroups[at] ?? '';
    const isSick = task.containers.some(({ health }) => health === 'UNHEALTHY');
    if (target === undefined && !isSick) continue;
    if (target !== undefined) {
      service.say(
        `(port ${target.port}) is unhealthy in (target-group ${arn}) due to (reason ${target.description ?? 'Health checks failed'})`,
      );
    }
    if (deployment === primary) countFailure(deployment);
    const reason =
      target === undefined
        ? 'Task failed container health checks'
        : `Task failed ELB health checks in (target-group ${arn})`;
    stop(service, [each], reason);
  }
}

function watchAlarms(world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  const { alarms } = world.state(alarmStore);
  const triggered = primary.watchedAlarms.filter((name) => alarms.get(name)?.state === 'ALARM');
  if (primary.rolloutState !== 'IN_PROGRESS' || triggered.length === 0) return;
  const record = service.records.find(({ deployment }) => deployment === primary);
  if (record === undefined || record.status !== 'IN_PROGRESS') return;
  record.triggeredAlarms = triggered;
  fail(world, service, primary, 'alarm', `alarm detected: ${triggered.join(', ')}`);
}

function breakCircuit(world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  const { deploymentCircuitBreaker } = service.settings.deploymentConfiguration;
  if (primary.rolloutState !== 'IN_PROGRESS' || deploymentCircuitBreaker?.enable !== true) return;
  // API reference, DeploymentCircuitBreaker: "can only be used for services using the rolling update".
  if (isShifting(service.settings)) return;
  if (primary.failedTasks >= failureThreshold(service))
    fail(world, service, primary, 'circuit breaker', 'tasks failed to start.');
}

/** Gives a deployment up, as `StopServiceDeployment` does. */
export function stopDeployment(world: FakeWorld, service: EcsService, record: DeploymentRecord): void {
  fail(world, service, record.deployment, 'stop', 'the deployment was stopped.');
}

function fail(world: FakeWorld, service: EcsService, primary: EcsDeployment, by: FailureCause, what: string): void {
  const record = service.records.find(({ deployment }) => deployment === primary);
  if (record === undefined || record.status !== 'IN_PROGRESS') return;
  const reason = `ECS deployment ${by === 'alarm' ? 'alarms' : by}: ${what}`;
  primary.rolloutState = 'FAILED';
  primary.rolloutStateReason = reason;
  primary.updatedAt = new Date();
  service.say(`(deployment ${primary.id}) deployment failed: ${what}`);
  const { deploymentCircuitBreaker, alarms } = service.settings.deploymentConfiguration;
  const isRollback = by === 'stop' || (by === 'alarm' ? alarms?.rollback : deploymentCircuitBreaker?.rollback) === true;
  const back = service.completed;
  record.statusReason = reason;
  if (isRollback && back !== undefined && back !== primary) {
    service.say(`rolling back to deployment ${back.id}.`);
    if (isShifting(service.settings)) moveTraffic(world, service, back, primary);
    primary.status = 'ACTIVE';
    Object.assign(back, {
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment ${by}: rolling back to deploymentId ${back.id}.`,
      failedTasks: 0,
      startNotBefore: 0,
      readySince: undefined,
    });
    service.settings = { ...service.settings, taskDefinition: back.taskDefinition };
    service.deployments = [back, ...service.deployments.filter((each) => each !== back)];
    record.status = 'ROLLBACK_IN_PROGRESS';
    record.rollback = { reason, startedAt: new Date(), serviceRevisionArn: back.revisionArn };
  } else {
    record.status = isRollback ? 'ROLLBACK_FAILED' : 'STOPPED';
    record.finishedAt = new Date();
  }
  record.settle({ kind: 'failed', by, reason });
}

function limits({ settings }: EcsService): { readonly least: number; readonly most: number } {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = settings.deploymentConfiguration;
  return {
    least: Math.ceil((settings.desiredCount * minimumHealthyPercent) / 100),
    most: Math.floor((settings.desiredCount * maximumPercent) / 100),
  };
}

function startMissing(world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  if (primary.rolloutState === 'FAILED' || performance.now() < primary.startNotBefore) return;
  const { settings, cluster, name } = service;
  // A task that is stopping counts still: it has its memory.
  const room = limits(service).most - service.tasks.length;
  const missing = settings.desiredCount - liveTasks(service, primary).length;
  const started = Array.from({ length: Math.max(0, Math.min(room, missing)) }, () =>
    startTask(world, {
      cluster,
      definition: primary.taskDefinition,
      group: `service:${name}`,
      startedBy: primary.id,
      networkConfiguration: settings.networkConfiguration,
      tags: settings.propagateTags === 'SERVICE' ? service.tags : [],
    }),
  );
  if (started.length === 0) return;
  service.tasks = [
    ...service.tasks,
    ...started.map((task) => ({
      task,
      deployment: primary,
      targets: undefined,
      hasBeenReady: false,
      isAccounted: false,
    })),
  ];
  service.say(`has started ${started.length} tasks: ${started.map(({ id }) => `(task ${id})`).join(' ')}.`);
}

function stopSurplus(_world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  const { desiredCount } = service.settings;
  const live = service.tasks.filter(({ task }) => task.desiredStatus === 'RUNNING');
  const current = live.filter(({ deployment }) => deployment === primary);
  const others = live.filter(({ deployment }) => deployment !== primary);
  const surplus = current.slice(0, Math.max(0, current.length - desiredCount));
  if (surplus.length > 0) stop(service, surplus, `Scaling activity initiated by (deployment ${primary.id})`);
  // Until all traffic has moved there is a way back.
  if (shiftUnderWay(service, primary) !== undefined) {
    const useless = others.filter((each) => !isReady(each) && each.deployment !== service.completed);
    if (useless.length > 0) stop(service, useless, `Scaling activity initiated by (deployment ${primary.id})`);
    return;
  }
  // Of a deployment that has failed nothing need stay; else as many as the new tasks can do without.
  const spare = live.filter(isReady).length - surplus.length - limits(service).least;
  const dispensable = [
    ...others.filter((each) => !isReady(each)),
    ...others.filter((each) => isReady(each)).slice(0, Math.max(0, spare)),
  ];
  if (dispensable.length > 0) stop(service, dispensable, `Scaling activity initiated by (deployment ${primary.id})`);
}

function stop(service: EcsService, tasks: readonly ServiceTask[], reason: string): void {
  for (const each of tasks) {
    const isRegistered = (each.targets?.length ?? 0) > 0;
    if (isRegistered) service.say('has begun draining connections on 1 tasks.');
    void each.task.stop('ServiceSchedulerInitiated', reason, async () => {
      await Promise.all(deregistrations(service, each));
    });
  }
  service.say(`has stopped ${tasks.length} running tasks: ${tasks.map(({ task }) => `(task ${task.id})`).join(' ')}.`);
}

function deregistrations(service: EcsService, each: ServiceTask): readonly Promise<void>[] {
  return (each.targets ?? []).map(async (target, index) => {
    const targetGroupArn = each.deployment.targetGroups[index] ?? '';
    service.say(`deregistered 1 targets in (target-group ${targetGroupArn})`);
    await target.leave();
  });
}

function shift(world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  const ready = liveTasks(service, primary).filter(isReady).length;
  shiftTraffic(world, service, primary, ready === service.settings.desiredCount);
}

function complete(world: FakeWorld, service: EcsService, primary: EcsDeployment): void {
  if (shiftUnderWay(service, primary) !== undefined) return;
  service.deployments = service.deployments.filter((each) => {
    const isOver = each !== primary && !service.tasks.some(({ deployment }) => deployment === each);
    if (isOver) each.status = 'INACTIVE';
    return !isOver;
  });
  const ready = liveTasks(service, primary).filter(isReady).length;
  const isSteady =
    ready === service.settings.desiredCount && service.tasks.length === ready && service.deployments.length === 1;
  if (!isSteady || primary.rolloutState !== 'IN_PROGRESS') return;
  primary.readySince ??= performance.now();
  const bake = primary.watchedAlarms.length > 0 ? world.state(fakeTiming).alarmBakeMilliseconds : 0;
  if (performance.now() - primary.readySince < bake) return;
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = new Date();
  service.completed = primary;
  service.say(`(deployment ${primary.id}) deployment completed.`);
  service.say('has reached a steady state.');
  for (const record of service.records) {
    if (record.deployment === primary && record.status === 'IN_PROGRESS') {
      Object.assign(record, { status: 'SUCCESSFUL', finishedAt: new Date() });
      record.settle({ kind: 'completed' });
    } else if (record.status === 'ROLLBACK_IN_PROGRESS') {
      Object.assign(record, { status: 'ROLLBACK_SUCCESSFUL', finishedAt: new Date() });
    }
  }
}

const acts: readonly Act[] = [
  accountForStopped,
  stopUnhealthy,
  watchAlarms,
  breakCircuit,
  startMissing,
  stopSurplus,
  shift,
  complete,
];

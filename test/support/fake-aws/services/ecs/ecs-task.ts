import type * as client from '@aws-sdk/client-ecs';
import type { RunningContainer } from '../../../cloud/processes/container-run.js';
import { credentials } from '../../credentials.js';
import { fakeTiming } from '../../fake-timing.js';
import type { FakeWorld } from '../../fake-world.js';
import { messageOf } from '../../../../../cli/errors.js';
import { openTaskLog } from './awslogs.js';
import { watchContainer } from './container-health.js';
import { containerRuntime } from './container-runtime.js';
import type { EcsCluster } from './ecs-state.js';
import { resolveSecrets } from './secret-value.js';
import { loopbackAddresses } from '../../../cloud/processes/loopback-addresses.js';

/** One container of a task. */
export interface EcsContainer {
  readonly definition: client.ContainerDefinition;
  readonly override: client.ContainerOverride | undefined;
  running: RunningContainer | undefined;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  reason: string | undefined;
  health: client.HealthStatus;
  imageDigest: string | undefined;
}

/** A task: processes with one address. */
export interface EcsTask {
  readonly id: string;
  readonly arn: string;
  readonly cluster: EcsCluster;
  readonly definition: client.TaskDefinition;
  readonly address: string;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly overrides: client.TaskOverride;
  readonly networkConfiguration: client.NetworkConfiguration | undefined;
  readonly tags: readonly client.Tag[];
  readonly containers: readonly EcsContainer[];
  readonly createdAt: Date;
  lastStatus: string;
  desiredStatus: 'RUNNING' | 'STOPPED';
  startedAt: Date | undefined;
  stoppingAt: Date | undefined;
  stoppedAt: Date | undefined;
  stopCode: client.TaskStopCode | undefined;
  stoppedReason: string | undefined;
  /** Resolves when it is STOPPED. */
  readonly stopped: Promise<void>;
  /** Stops it; what is to be done before SIGTERM, as draining, comes first. Once only: a second call waits for the first. */
  stop(code: client.TaskStopCode, reason: string, before?: () => Promise<void>): Promise<void>;
  /** Ends it without grace: the fake stops. */
  kill(): Promise<void>;
}

export interface StartTaskOptions {
  readonly cluster: EcsCluster;
  readonly definition: client.TaskDefinition;
  readonly group: string;
  readonly startedBy?: string | undefined;
  readonly overrides?: client.TaskOverride | undefined;
  readonly networkConfiguration?: client.NetworkConfiguration | undefined;
  readonly tags?: readonly client.Tag[] | undefined;
}

const usualStopTimeoutSeconds = 30;
const pollMilliseconds = 10;

/** Starts a task; it is PROVISIONING when this returns. */
export function startTask(world: FakeWorld, options: StartTaskOptions): EcsTask {
  const { cluster, definition, overrides = {} } = options;
  const id = world.newId(32);
  let onStopped = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (onStopped = resolve));
  let ending: Promise<void> | undefined;
  let isKilled = false;

  const finish = (): void => {
    task.stoppedAt ??= new Date();
    task.lastStatus = 'STOPPED';
    task.desiredStatus = 'STOPPED';
    for (const container of task.containers) container.lastStatus = 'STOPPED';
    onStopped();
  };
  const end = async (before: () => Promise<void>): Promise<void> => {
    task.desiredStatus = 'STOPPED';
    task.stoppingAt = new Date();
    if (task.lastStatus === 'RUNNING') task.lastStatus = 'DEACTIVATING';
    await before();
    // What is about to start has to be there before it can be stopped.
    await starting;
    task.lastStatus = 'STOPPING';
    await Promise.all(task.containers.map(async (container) => await stopContainer(world, container, isKilled)));
    task.lastStatus = 'DEPROVISIONING';
    finish();
  };

  const task: EcsTask = {
    id,
    arn: world.arn('ecs', `task/${cluster.name}/${id}`),
    cluster,
    definition,
    address: world.state(loopbackAddresses).allocate(),
    group: options.group,
    startedBy: options.startedBy,
    overrides,
    networkConfiguration: options.networkConfiguration,
    tags: options.tags ?? [],
    containers: (definition.containerDefinitions ?? []).map((container) => ({
      definition: container,
      override: overrides.containerOverrides?.find(({ name }) => name === container.name),
      running: undefined,
      lastStatus: 'PENDING',
      exitCode: undefined,
      reason: undefined,
      health: 'UNKNOWN',
      imageDigest: undefined,
    })),
    createdAt: new Date(),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    startedAt: undefined,
    stoppingAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    stopped,
    stop(code, reason, before = () => Promise.resolve()) {
      if (ending === undefined) {
        task.stopCode = code;
        task.stoppedReason = reason;
        ending = end(before);
      }
      return ending;
    },
    async kill() {
      isKilled = true;
      await starting;
      await Promise.all(task.containers.map(async ({ running }) => await running?.stop(0)));
      await (ending ?? task.stop('ServiceSchedulerInitiated', 'The fake is stopped'));
    },
  };

  const fail = (reason: string, container?: EcsContainer): void => {
    if (container !== undefined) container.reason = reason;
    void task.stop('TaskFailedToStart', reason);
  };
  const start = async (): Promise<void> => {
    task.lastStatus = 'PENDING';
    for (const container of task.containers) {
      if (task.desiredStatus === 'STOPPED') return;
      const failure = await startContainer(world, task, container);
      if (failure !== undefined) return fail(failure, container);
      const { essential = true } = container.definition;
      void container.running?.ended.then((exitCode) => {
        container.exitCode = exitCode;
        container.lastStatus = 'STOPPED';
        if (essential && !isKilled) void task.stop('EssentialContainerExited', 'Essential container in task exited');
      });
    }
    if (task.desiredStatus === 'STOPPED') return;
    task.lastStatus = 'RUNNING';
    task.startedAt = new Date();
  };
  cluster.tasks.set(task.arn, task);
  // Provisioning a network interface comes first in AWS, too: whoever asked sees the task before it runs.
  const starting: Promise<void> = Promise.resolve()
    .then(start)
    .catch((error: unknown) => fail(`CannotStartContainerError: ${messageOf(error)}`));
  return task;
}

async function startContainer(world: FakeWorld, task: EcsTask, container: EcsContainer): Promise<string | undefined> {
  const { definition, override } = container;
  await dependenciesMet(task, definition);
  const secrets = resolveSecrets(world, definition.secrets ?? []);
  if (secrets.kind === 'failed') return secrets.reason;
  const log = openTaskLog(world, task.id, definition);
  if (log.kind === 'failed') return log.reason;
  const keys = world.state(credentials).issue(task.definition.taskRoleArn ?? world.arn('iam', 'role/task'), 'ASIA');
  const pairs = [...(definition.environment ?? []), ...(override?.environment ?? [])];
  const result = await world.state(containerRuntime).start({
    taskId: task.id,
    name: definition.name ?? '',
    address: task.address,
    image: definition.image ?? '',
    entrypoint: definition.entryPoint,
    command: override?.command ?? definition.command,
    workingDirectory: definition.workingDirectory,
    environment: {
      AWS_REGION: world.region,
      AWS_DEFAULT_REGION: world.region,
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      // A real task asks for the keys of its role, and finds AWS by itself.
      AWS_ENDPOINT_URL: world.url,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...Object.fromEntries(pairs.map(({ name = '', value = '' }) => [name, value])),
      ...secrets.values,
    },
    user: definition.user,
    readonlyRootFilesystem: definition.readonlyRootFilesystem ?? false,
    writable: (definition.linuxParameters?.tmpfs ?? []).flatMap(({ containerPath }) => containerPath ?? []),
    hasInit: definition.linuxParameters?.initProcessEnabled ?? false,
    onOutput: log.write,
  });
  if (result.kind === 'failed') return result.reason;
  container.running = result.container;
  container.imageDigest = result.container.imageDigest;
  container.lastStatus = 'RUNNING';
  void result.container.ended.then(log.close);
  if (definition.healthCheck !== undefined) watchContainer(world, container, result.container);
  return undefined;
}

async function dependenciesMet(task: EcsTask, { dependsOn = [] }: client.ContainerDefinition): Promise<void> {
  for (const { containerName, condition } of dependsOn) {
    const other = task.containers.find(({ definition }) => definition.name === containerName);
    if (other === undefined) continue;
    const isMet = (): boolean => {
      if (condition === 'HEALTHY') return other.health === 'HEALTHY';
      if (condition === 'COMPLETE') return other.lastStatus === 'STOPPED';
      return condition === 'SUCCESS' ? other.exitCode === 0 : other.lastStatus !== 'PENDING';
    };
    while (!isMet() && task.desiredStatus === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  }
}

async function stopContainer(world: FakeWorld, container: EcsContainer, isKilled: boolean): Promise<void> {
  const { running, definition } = container;
  if (running === undefined) return;
  const longest = isKilled ? 0 : world.state(fakeTiming).longestDrainSeconds;
  await running.stop(Math.min(definition.stopTimeout ?? usualStopTimeoutSeconds, longest));
  container.exitCode = await running.ended;
}

import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { loadBalancing } from '../elb/load-balancing.js';
import type { Target } from '../elb/target-group.js';
import { type DeploymentRecord, type EcsDeployment, newDeployment } from './ecs-deployment.js';
import { type EcsCluster, ecsState } from './ecs-state.js';
import type { EcsTask } from './ecs-task.js';
import { runServiceScheduler } from './service-scheduler.js';

/** A task of a service. */
export interface ServiceTask {
  readonly task: EcsTask;
  readonly deployment: EcsDeployment;
  /** Where it is registered; undefined until it runs. */
  targets: readonly Target[] | undefined;
  hasBeenReady: boolean;
  /** Its end has been looked at. */
  isAccounted: boolean;
}

/** Settings of a service; what an update may change. */
export interface ServiceSettings {
  taskDefinition: client.TaskDefinition;
  desiredCount: number;
  deploymentConfiguration: client.DeploymentConfiguration;
  loadBalancers: readonly client.LoadBalancer[];
  serviceRegistries: readonly client.ServiceRegistry[];
  networkConfiguration: client.NetworkConfiguration | undefined;
  healthCheckGracePeriodSeconds: number;
  enableExecuteCommand: boolean;
  propagateTags: client.PropagateTags | undefined;
}

/** A service that keeps its tasks running. */
export interface EcsService {
  readonly arn: string;
  readonly name: string;
  readonly cluster: EcsCluster;
  readonly createdAt: Date;
  readonly tags: readonly client.Tag[];
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  settings: ServiceSettings;
  /** The primary one first. */
  deployments: EcsDeployment[];
  /** Newest first. */
  readonly records: DeploymentRecord[];
  tasks: ServiceTask[];
  /** Newest first. */
  readonly events: client.ServiceEvent[];
  /** The last deployment that was completed: where a failed one goes back to. */
  completed: EcsDeployment | undefined;
  say(message: string): void;
  /** Ends its scheduler; its tasks are ended by the cluster. */
  readonly close: () => void;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceEvent.html: the latest 100. */
const mostEvents = 100;

export interface CreateServiceOptions extends ServiceSettings {
  readonly name: string;
  readonly cluster: EcsCluster;
  readonly tags: readonly client.Tag[];
}

/** @throws ServiceError InvalidParameterException */
export function createService(world: FakeWorld, options: CreateServiceOptions): EcsService {
  const { name, cluster, tags, ...settings } = options;
  if (cluster.services.has(name)) {
    throw new ServiceError('InvalidParameterException', 'Creation of service was not idempotent.');
  }
  checkSettings(world, settings);
  const events: client.ServiceEvent[] = [];
  let close = (): void => undefined;
  const service: EcsService = {
    arn: world.arn('ecs', `service/${cluster.name}/${name}`),
    name,
    cluster,
    createdAt: new Date(),
    tags,
    status: 'ACTIVE',
    settings,
    deployments: [],
    records: [],
    tasks: [],
    events,
    completed: undefined,
    say(message) {
      events.unshift({ id: world.newId(36), createdAt: new Date(), message: `(service ${name}) ${message}` });
      events.splice(mostEvents);
    },
    close: () => close(),
  };
  cluster.services.set(name, service);
  deploy(world, service);
  close = runServiceScheduler(world, service);
  return service;
}

/** Changes settings; another task definition, network or load balancer is a deployment. */
export function updateService(
  world: FakeWorld,
  service: EcsService,
  changes: Partial<ServiceSettings>,
  isForced = false,
): void {
  if (service.status !== 'ACTIVE') {
    throw new ServiceError('ServiceNotActiveException', 'Service was not ACTIVE.');
  }
  const before = service.settings;
  const after = { ...before, ...changes };
  checkSettings(world, after);
  service.settings = after;
  const deployed = ({
    taskDefinition,
    networkConfiguration,
    loadBalancers,
    serviceRegistries,
  }: ServiceSettings): string =>
    JSON.stringify([taskDefinition.taskDefinitionArn, networkConfiguration, loadBalancers, serviceRegistries]);
  if (isForced || deployed(before) !== deployed(after)) deploy(world, service);
}

/** Stops its tasks; it is INACTIVE when they have ended. */
export async function deleteService(service: EcsService): Promise<void> {
  service.settings = { ...service.settings, desiredCount: 0 };
  service.status = 'DRAINING';
  await Promise.all(service.tasks.map(async ({ task }) => await task.stopped));
  service.close();
  service.status = 'INACTIVE';
  if (service.cluster.services.get(service.name) === service) service.cluster.services.delete(service.name);
}

function deploy(world: FakeWorld, service: EcsService): void {
  const { deployment, record } = newDeployment(world, service);
  for (const older of service.deployments) older.status = 'ACTIVE';
  const unfinished = service.records.find(({ status }) => status === 'IN_PROGRESS');
  if (unfinished !== undefined) {
    unfinished.status = 'STOPPED';
    unfinished.statusReason = 'Service deployment stopped because of a new service deployment.';
    unfinished.finishedAt = new Date();
    unfinished.settle({ kind: 'superseded' });
  }
  service.deployments = [deployment, ...service.deployments];
  service.records.unshift(record);
  world.state(ecsState).serviceRevisions.set(deployment.revisionArn, revisionView(service, deployment));
}

function revisionView(service: EcsService, deployment: EcsDeployment): client.ServiceRevision {
  const { taskDefinition, networkConfiguration, loadBalancers } = service.settings;
  return {
    serviceRevisionArn: deployment.revisionArn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: taskDefinition.taskDefinitionArn,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    createdAt: deployment.createdAt,
    loadBalancers: [...loadBalancers],
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
    containerImages: (taskDefinition.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
      ...(image?.includes('@') === true ? { imageDigest: image.split('@')[1] } : {}),
    })),
  };
}

function checkSettings(world: FakeWorld, settings: ServiceSettings): void {
  const refuse = (message: string): never => {
    throw new ServiceError('InvalidParameterException', message);
  };
  const { taskDefinition, loadBalancers, networkConfiguration } = settings;
  if (taskDefinition.status !== 'ACTIVE') refuse('TaskDefinition is inactive');
  if (taskDefinition.networkMode === 'awsvpc' && networkConfiguration?.awsvpcConfiguration === undefined) {
    refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const state = world.state(loadBalancing);
  for (const { targetGroupArn = '', containerName, containerPort, advancedConfiguration } of loadBalancers) {
    const { alternateTargetGroupArn: alternate } = advancedConfiguration ?? {};
    if (alternate !== undefined && !state.targetGroups.has(alternate))
      return refuse(`The specified target group does not exist. (targetGroupArn ${alternate})`);
    const group = state.targetGroups.get(targetGroupArn);
    if (group === undefined)
      return refuse(`The specified target group does not exist. (targetGroupArn ${targetGroupArn})`);
    if (state.usersOf(group).length === 0) {
      refuse(`The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`);
    }
    if (group.targetType !== 'ip') {
      refuse(
        'The provided target group has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.',
      );
    }
    const container = taskDefinition.containerDefinitions?.find(({ name }) => name === containerName);
    if (container === undefined) return refuse(`The container ${containerName} does not exist in the task definition.`);
    if (!(container.portMappings ?? []).some((mapping) => Number(mapping.containerPort) === Number(containerPort))) {
      refuse(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    }
  }
}

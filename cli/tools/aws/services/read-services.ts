import type { Service } from '@aws-sdk/client-ecs';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { isoTime } from '../clients/iso-time.js';
import { allPages, chunked } from '../clients/pages.js';
import type { ServiceRollout, ServiceState } from './service-tools.js';

/** API reference, DescribeServices: "up to 10". */
const describedAtOnce = 10;
/** API reference, DescribeServiceDeployments: "up to 20". */
const rolloutsAtOnce = 20;

/** Services that exist, in the order asked for. */
export async function readServices(
  clients: AwsClients,
  cluster: string,
  names: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly ServiceState[]> {
  const ecs = await clients.ecs();
  const found: ServiceState[] = [];
  for (const services of chunked(names, describedAtOnce)) {
    try {
      const { services: described = [] } = await ecs.describeServices(
        { cluster, services: [...services] },
        { abortSignal },
      );
      found.push(...described.map(serviceState));
    } catch (error) {
      if (awsErrorName(error) !== 'ClusterNotFoundException') throw error;
    }
  }
  const wanted = (name: string): ServiceState | undefined =>
    found.find((service) => (service.name === name || service.arn === name) && service.status !== 'INACTIVE');
  return names.flatMap((name) => wanted(name) ?? []);
}

function serviceState(service: Service): ServiceState {
  return {
    name: service.serviceName ?? '',
    arn: service.serviceArn ?? '',
    status: service.status ?? '',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    taskDefinition: service.taskDefinition ?? '',
    deployments: (service.deployments ?? [])
      .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
      .map((deployment) => ({
        id: deployment.id ?? '',
        status: deployment.status ?? '',
        rolloutState: deployment.rolloutState ?? null,
        reason: deployment.rolloutStateReason ?? null,
        taskDefinition: deployment.taskDefinition ?? '',
        desired: deployment.desiredCount ?? 0,
        running: deployment.runningCount ?? 0,
        failed: deployment.failedTasks ?? 0,
        createdAt: isoTime(deployment.createdAt),
      })),
    events: (service.events ?? []).map(({ createdAt, message = '' }) => ({ at: isoTime(createdAt) ?? '', message })),
    targetGroups: (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration }) =>
      [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) => arn ?? []),
    ),
  };
}

/** The rollouts of a service, newest first. */
export async function readRollouts(
  clients: AwsClients,
  cluster: string,
  service: string,
  abortSignal: AbortSignal,
): Promise<readonly ServiceRollout[]> {
  const ecs = await clients.ecs();
  const listed = await allPages(async (nextToken) => {
    const page = await ecs.listServiceDeployments({ cluster, service, nextToken }, { abortSignal });
    return { items: page.serviceDeployments ?? [], next: page.nextToken };
  });
  const newest = listed
    .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
    .flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? [])
    .slice(0, rolloutsAtOnce);
  if (newest.length === 0) return [];
  const { serviceDeployments = [] } = await ecs.describeServiceDeployments(
    { serviceDeploymentArns: newest },
    { abortSignal },
  );
  const rollouts = serviceDeployments.map((rollout) => ({
    arn: rollout.serviceDeploymentArn ?? '',
    status: rollout.status ?? '',
    reason: rollout.statusReason ?? null,
    createdAt: isoTime(rollout.createdAt),
    finishedAt: isoTime(rollout.finishedAt),
    targetRevision: rollout.targetServiceRevision?.arn ?? null,
    stage: rollout.lifecycleStage ?? null,
  }));
  return newest.flatMap((arn) => rollouts.find((rollout) => rollout.arn === arn) ?? []);
}

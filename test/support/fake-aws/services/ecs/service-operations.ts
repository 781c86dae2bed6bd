import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { createService, deleteService, type EcsService, updateService } from './ecs-service.js';
import { ecsState } from './ecs-state.js';
import { stopDeployment } from './service-scheduler.js';
import { deploymentRecordView, serviceView } from './service-view.js';

export function serviceOperations(world: FakeWorld) {
  const state = world.state(ecsState);
  const services = (): readonly EcsService[] =>
    [...state.clusters.values()].flatMap((each) => [...each.services.values()]);
  return {
    CreateService: (input: client.CreateServiceCommandInput) => ({
      service: serviceView(
        createService(world, {
          name: input.serviceName ?? '',
          cluster: state.cluster(input.cluster),
          tags: input.tags ?? [],
          taskDefinition: state.taskDefinitions.find(input.taskDefinition),
          desiredCount: input.desiredCount ?? 1,
          deploymentConfiguration: input.deploymentConfiguration ?? {},
          loadBalancers: input.loadBalancers ?? [],
          serviceRegistries: input.serviceRegistries ?? [],
          networkConfiguration: input.networkConfiguration,
          healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
          enableExecuteCommand: input.enableExecuteCommand ?? false,
          propagateTags: input.propagateTags,
        }),
      ),
    }),
    UpdateService: (input: client.UpdateServiceCommandInput) => {
      const service = state.service(input.cluster, input.service);
      const { desiredCount, deploymentConfiguration, loadBalancers, networkConfiguration } = input;
      const definition = input.taskDefinition;
      const changes = {
        ...(definition === undefined ? {} : { taskDefinition: state.taskDefinitions.find(definition) }),
        ...(desiredCount === undefined ? {} : { desiredCount }),
        ...(deploymentConfiguration === undefined ? {} : { deploymentConfiguration }),
        ...(loadBalancers === undefined ? {} : { loadBalancers }),
        ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
      };
      updateService(world, service, changes, input.forceNewDeployment);
      return { service: serviceView(service) };
    },
    DeleteService: (input: client.DeleteServiceCommandInput) => {
      const service = state.service(input.cluster, input.service);
      if (input.force !== true && service.settings.desiredCount > 0) {
        const message = 'The service cannot be stopped while it is scaled above 0.';
        throw new ServiceError('InvalidParameterException', message);
      }
      world.background(deleteService(service));
      return { service: serviceView(service) };
    },
    DescribeServices: ({ cluster, services: references = [] }: client.DescribeServicesCommandInput) => {
      const known = state.cluster(cluster).services;
      const found = references.map((reference) => ({
        reference,
        service: known.get(reference.split('/').at(-1) ?? ''),
      }));
      return {
        services: found.flatMap(({ service }) => (service === undefined ? [] : [serviceView(service)])),
        failures: found
          .filter(({ service }) => service === undefined)
          .map(({ reference }) => ({ arn: reference, reason: 'MISSING' })),
      };
    },
    ListServices: ({ cluster }: client.ListServicesCommandInput) => ({
      serviceArns: [...state.cluster(cluster).services.values()].map(({ arn }) => arn),
    }),
    ListServiceDeployments: (input: client.ListServiceDeploymentsCommandInput) => {
      const service = state.service(input.cluster ?? clusterOf(input.service), input.service);
      const { status: wanted = [], createdAt: { after, before } = {}, maxResults = 20 } = input;
      return {
        serviceDeployments: service.records
          .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
          .filter(
            ({ createdAt }) =>
              (after === undefined || createdAt >= after) && (before === undefined || createdAt <= before),
          )
          .slice(0, maxResults)
          .map((record) => {
            const view = deploymentRecordView(service, record);
            return {
              serviceDeploymentArn: view.serviceDeploymentArn,
              serviceArn: view.serviceArn,
              clusterArn: view.clusterArn,
              startedAt: view.startedAt,
              createdAt: view.createdAt,
              finishedAt: view.finishedAt,
              targetServiceRevisionArn: view.targetServiceRevision?.arn,
              status: view.status,
              statusReason: view.statusReason,
            };
          }),
      };
    },
    DescribeServiceDeployments: ({ serviceDeploymentArns = [] }: client.DescribeServiceDeploymentsCommandInput) => {
      const all = services().flatMap((service) => service.records.map((record) => ({ service, record })));
      const found = serviceDeploymentArns.map((arn) => ({ arn, entry: all.find(({ record }) => record.arn === arn) }));
      return {
        serviceDeployments: found.flatMap(({ entry }) =>
          entry === undefined ? [] : [deploymentRecordView(entry.service, entry.record)],
        ),
        failures: found.filter(({ entry }) => entry === undefined).map(({ arn }) => ({ arn, reason: 'MISSING' })),
      };
    },
    StopServiceDeployment: ({ serviceDeploymentArn = '' }: client.StopServiceDeploymentCommandInput) => {
      const all = services().flatMap((service) => service.records.map((record) => ({ service, record })));
      const found = all.find(({ record }) => record.arn === serviceDeploymentArn);
      if (found === undefined)
        throw new ServiceError('ServiceDeploymentNotFoundException', 'The service deployment was not found.');
      if (found.record.status !== 'IN_PROGRESS')
        throw new ServiceError('ConflictException', 'The service deployment is not in progress.');
      stopDeployment(world, found.service, found.record);
      return { serviceDeploymentArn };
    },
    DescribeServiceRevisions: ({ serviceRevisionArns = [] }: client.DescribeServiceRevisionsCommandInput) => ({
      serviceRevisions: serviceRevisionArns.flatMap((arn) => state.serviceRevisions.get(arn) ?? []),
      failures: serviceRevisionArns
        .filter((arn) => !state.serviceRevisions.has(arn))
        .map((arn) => ({ arn, reason: 'MISSING' })),
    }),
  };
}

/** The cluster in the ARN of a service. */
function clusterOf(service = ''): string | undefined {
  return /:service\/([^/]+)\//.exec(service)?.[1];
}

import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';

/** OpenSearch that wants signed requests, for a process that does not sign. */
export interface SearchProxyProps {
  /** Name of the domain’s endpoint, without scheme. */
  readonly host: string;
  /** `awslabs/aws-sigv4-proxy`, or one with its options. @default public.ecr.aws/aws-observability/aws-sigv4-proxy:1.10 */
  readonly image?: ecs.ContainerImage;
}

/** Pinned by version: its digest differs from mirror to mirror. */
export const searchProxyImage = 'public.ecr.aws/aws-observability/aws-sigv4-proxy:1.10';

/** Where the proxy answers, within the task only: plain HTTP that leaves it as HTTPS. */
export const searchProxyPort = 9200;

/** What {@link addSearchProxy} needs to know of the container it serves. */
export interface SearchProxyOptions extends SearchProxyProps {
  readonly container: ecs.ContainerDefinition;
  readonly user: string;
  readonly memoryMiB: number;
  readonly logging: ecs.LogDriver;
}

/**
 * A container beside another that signs what is sent to 127.0.0.1:9200 with the role of the task, and sends it on to
 * OpenSearch. It is started first and stopped last; it has no shell, so nothing asks whether it is well.
 */
export function addSearchProxy(
  taskDefinition: ecs.TaskDefinition,
  { host, image, container, user, memoryMiB, logging }: SearchProxyOptions,
): ecs.ContainerDefinition {
  const proxy = taskDefinition.addContainer('search-proxy', {
    image: image ?? ecs.ContainerImage.fromRegistry(searchProxyImage),
    // Its entry point is the program. On the loopback address nobody else in the network can use the role.
    command: [
      '--name',
      'es',
      '--region',
      Stack.of(taskDefinition).region,
      '--host',
      host,
      '--port',
      `127.0.0.1:${searchProxyPort}`,
    ],
    essential: true,
    memoryLimitMiB: memoryMiB,
    user,
    readonlyRootFilesystem: true,
    logging,
  });
  container.addContainerDependencies({ container: proxy, condition: ecs.ContainerDependencyCondition.START });
  return proxy;
}

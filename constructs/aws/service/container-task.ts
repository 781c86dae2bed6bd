import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { type Duration, Size, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { containerLogGroup } from './container-log-group.js';
import type { ContainerProps } from './container-props.js';
import { addDeadline } from './deadline-container.js';
import { assertFargateSize } from './fargate-size.js';
import { addSearchProxy } from './search-proxy.js';

/** What differs between services and tasks. */
export interface ContainerTaskOptions {
  /** First part of the name of each log stream, where the props have none. */
  readonly name: string;
  readonly stopTimeout: Duration;
  /** @default - CloudFormation makes one */
  readonly family?: string;
  /** That the container listens on. @default - none */
  readonly port?: number;
  /** @default - none */
  readonly livenessCheck?: ecs.HealthCheck;
  /** Time after which the task is stopped. @default - it ends by itself, or never */
  readonly deadline?: Duration;
}

/** A task definition, its container and where that writes. */
export interface ContainerTask {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logGroup: logs.ILogGroup;
}

/** Output that waits when CloudWatch Logs is slow; what does not fit is lost, so that the process never waits. */
const logBuffer = Size.mebibytes(25);
/** Name of the container that does the work, in every task definition. */
export const mainContainer = 'app';
const defaultUser = '10001:10001';

/**
 * A task definition with one container: not root, nothing writable but `writablePaths`, variables from stores only, an init
 * process that reaps, and output that never blocks.
 */
export function containerTask(scope: Construct, props: ContainerProps, options: ContainerTaskOptions): ContainerTask {
  const { cpuUnits = 1024, memoryMiB = 2048, user = defaultUser, cpuArchitecture = ecs.CpuArchitecture.ARM64 } = props;
  assertFargateSize(scope, cpuUnits, memoryMiB);
  if (/^(root|0)(:|$)/.test(user)) throw constructError(scope, `user is "${user}"; a container does not run as root`);

  const taskDefinition = new ecs.FargateTaskDefinition(scope, 'TaskDefinition', {
    cpu: cpuUnits,
    memoryLimitMiB: memoryMiB,
    runtimePlatform: { cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    ...(props.taskRole === undefined ? {} : { taskRole: props.taskRole }),
    ...(options.family === undefined ? {} : { family: options.family }),
  });
  const logGroup = containerLogGroup(scope, props);
  const logging = ecs.LogDrivers.awsLogs({
    streamPrefix: props.logPrefix ?? options.name,
    logGroup,
    mode: ecs.AwsLogDriverMode.NON_BLOCKING,
    maxBufferSize: logBuffer,
  });
  const container = taskDefinition.addContainer(mainContainer, {
    image: props.image,
    ...(props.command === undefined ? {} : { command: [...props.command] }),
    ...(props.environment === undefined ? {} : { secrets: { ...props.environment } }),
    ...(props.labels === undefined ? {} : { dockerLabels: { ...props.labels } }),
    ...(options.port === undefined ? {} : { portMappings: [{ containerPort: options.port }] }),
    ...(options.livenessCheck === undefined ? {} : { healthCheck: options.livenessCheck }),
    // The task has one container that matters: all of its memory, but for what those beside it take.
    memoryLimitMiB:
      memoryMiB -
      (options.deadline === undefined ? 0 : deadlineMiB) -
      (props.searchProxy === undefined ? 0 : searchProxyMiB),
    user,
    readonlyRootFilesystem: true,
    stopTimeout: options.stopTimeout,
    linuxParameters: linuxParameters(scope, props, memoryMiB),
    logging,
  });
  if (options.deadline !== undefined)
    addDeadline(taskDefinition, { after: options.deadline, image: props.image, user, logging });
  if (props.searchProxy !== undefined)
    addSearchProxy(taskDefinition, { ...props.searchProxy, container, user, memoryMiB: searchProxyMiB, logging });
  props.secretsKey?.grantDecrypt(taskDefinition.obtainExecutionRole());
  acknowledgeRegistryLogin(taskDefinition);
  return { taskDefinition, container, logGroup };
}

/** `sleep` and its init process; the least that Docker gives a container is 6 MiB. */
const deadlineMiB = 16;
/** The proxy is a Go program that holds each request whole, to sign it; bulk requests have up to 10 MiB on small domains. */
const searchProxyMiB = 128;

/**
 * `/tmp` as memory: an empty volume of Fargate belongs to root (aws/containers-roadmap#938), so a process that is not root
 * could not write into one. Fargate has tmpfs since January 2026 (#736).
 */
function linuxParameters(
  scope: Construct,
  { writablePaths = ['/tmp'], writablePathMiB }: ContainerProps,
  memoryMiB: number,
): ecs.LinuxParameters {
  const parameters = new ecs.LinuxParameters(scope, 'Linux', { initProcessEnabled: true });
  for (const containerPath of writablePaths) {
    if (!containerPath.startsWith('/'))
      throw constructError(scope, `writablePaths has "${containerPath}", not a path from /`);
    parameters.addTmpfs({
      containerPath,
      size: writablePathMiB ?? memoryMiB / 4,
      mountOptions: [ecs.TmpfsMountOption.NOSUID, ecs.TmpfsMountOption.NODEV],
    });
  }
  return parameters;
}

/** The role that starts the task may ask ECR for a token, which ECR grants for all repositories or none. */
function acknowledgeRegistryLogin(taskDefinition: ecs.FargateTaskDefinition): void {
  Validations.of(taskDefinition).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'ecr:GetAuthorizationToken has no resource to name; pulling is granted for one repository.',
  });
}

import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ContainerProps } from '../../../constructs/aws/index.js';
import { imageOf, type PlacedWorkload, platformOf, resolveTemplate } from '../../spec/index.js';
import { taskSize } from '../sizes.js';
import type { FoundationStack } from '../foundation-stack.js';
import type { StageContext } from '../stage-context.js';
import type { ContainerVariables } from './container-variables.js';
import { workloadImage } from './workload-image.js';

/** Where the parts of a container come from that it shares with others of its stack. */
export interface WorkloadContainerOptions {
  readonly context: StageContext;
  readonly variables: ContainerVariables;
  readonly foundation: FoundationStack;
}

/** The container of a service, schedule or migration. */
export function workloadContainer(
  scope: Construct,
  workload: PlacedWorkload,
  { context, variables, foundation }: WorkloadContainerOptions,
): ContainerProps {
  const { spec, aws, secretsMarker } = context;
  const { cpuUnits, memoryMiB } = taskSize(workload.size);
  const platform = platformOf(imageOf(spec, workload), 'aws', 'linux/arm64');
  return {
    image: workloadImage(scope, context, workload),
    ...(workload.command === undefined ? {} : { command: workload.command.map((item) => filledIn(item, workload)) }),
    environment: variables.of(workload),
    cpuUnits,
    memoryMiB,
    cpuArchitecture: platform === 'linux/arm64' ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64,
    user: aws.containers.user,
    writablePaths: aws.containers.writable,
    // A secret that got another value changes nothing in the template but this.
    ...(secretsMarker === null ? {} : { labels: { 'agentctl.secrets': secretsMarker } }),
    logGroup: foundation.logGroup,
    // By it `agentctl logs` finds them.
    logPrefix: workload.name,
    ...signedSearch(foundation),
  };
}

/** All tasks have the one role that the domain knows: a role of each would have to be mapped within OpenSearch. */
function signedSearch({ data: { search } }: FoundationStack): Pick<ContainerProps, 'taskRole' | 'searchProxy'> {
  return search?.role === undefined ? {} : { taskRole: search.role, searchProxy: { host: search.domain.host } };
}

/** `${port}` is the one reference that a command may hold. */
function filledIn(item: string, { port }: PlacedWorkload): string {
  return resolveTemplate(item, (reference) => (reference === 'port' ? port?.toString() : undefined));
}

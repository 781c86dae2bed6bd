import { CfnOutput, Duration } from 'aws-cdk-lib/core';
import { ScheduledTask } from '../../../constructs/aws/index.js';
import { workloadsOf } from '../../spec/index.js';
import { pascalCase } from '../naming.js';
import { scheduleTaskDefinitionOutput } from '../outputs.js';
import { grantApplication } from '../workloads/application-grants.js';
import { workloadContainer } from '../workloads/workload-container.js';
import type { ServiceParts } from './services.js';

/** Every schedule of the spec, with its outputs. */
export function stageSchedules({ stack, context, foundation, variables }: ServiceParts): void {
  for (const workload of workloadsOf(context.spec)) {
    const spec = workload.kind === 'schedule' ? context.spec.schedules[workload.name] : undefined;
    if (spec === undefined) continue;
    const task = new ScheduledTask(stack, `Schedule${pascalCase(workload.name)}`, {
      ...workloadContainer(stack, workload, { context, variables, foundation }),
      cluster: foundation.cluster.cluster,
      cron: spec.cron,
      timeout: Duration.seconds(spec.timeout.seconds),
      securityGroup: foundation.taskSecurityGroup,
      vpcSubnets: foundation.network.appSubnets,
      family: `${context.scope.name}-${context.stage}-${workload.name}`,
    });
    grantApplication(task.taskDefinition.taskRole, stack, context, foundation);
    new CfnOutput(stack, scheduleTaskDefinitionOutput(workload.name), { value: task.taskDefinition.taskDefinitionArn });
  }
}

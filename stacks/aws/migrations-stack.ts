import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OneOffTask } from '../../constructs/aws/index.js';
import { workloadsOf } from '../spec/index.js';
import { grantApplication } from './workloads/application-grants.js';
import { pascalCase } from './naming.js';
import { migrationTaskDefinitionOutput } from './outputs.js';
import type { ReleaseStackProps } from './release-stack-props.js';
import { ContainerVariables } from './workloads/container-variables.js';
import { workloadContainer } from './workloads/workload-container.js';

/** The task definitions of the migrations, from the images of this release; the CLI runs them before the services change. */
export class MigrationsStack extends Stack {
  constructor(scope: Construct, id: string, { context, foundation, ...props }: ReleaseStackProps) {
    super(scope, id, props);
    const variables = new ContainerVariables(this, 'Variables', context, 'migrations');
    for (const workload of workloadsOf(context.spec)) {
      if (workload.kind !== 'migration') continue;
      const task = new OneOffTask(this, `Migration${pascalCase(workload.name)}`, {
        ...workloadContainer(this, workload, { context, variables, foundation }),
        family: `${context.scope.name}-${context.stage}-${workload.name}`,
      });
      grantApplication(task.taskDefinition.taskRole, this, context, foundation);
      new CfnOutput(this, migrationTaskDefinitionOutput(workload.name), {
        value: task.taskDefinition.taskDefinitionArn,
      });
    }
  }
}

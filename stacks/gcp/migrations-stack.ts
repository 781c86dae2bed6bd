import type { Construct } from 'constructs';
import { CloudRunJob } from '../../constructs/gcp/index.js';
import { workloadsOf } from '../spec/index.js';
import { AgentStack } from './agent-stack.js';
import { FoundationOutputsReader } from './foundation-outputs-reader.js';
import { pascalCase, workloadName } from './naming.js';
import { migrationJobOutput } from './outputs.js';
import type { StageContext } from './stage-context.js';
import { foundationNetwork } from './workloads/foundation-network.js';
import { workloadContainer } from './workloads/workload-container.js';

/** The jobs of the migrations, with the images of this release; the CLI runs them before the services change. */
export class MigrationsStack extends AgentStack {
  constructor(scope: Construct, context: StageContext) {
    super(scope, 'migrations', context);
    const foundation = new FoundationOutputsReader(this, context);
    const network = foundationNetwork(this, context, foundation);
    const parts = { stack: this, context, foundation, network };
    const timeouts = new Map(context.spec.migrations.map(({ name, timeout }) => [name, timeout.seconds]));
    for (const workload of workloadsOf(context.spec)) {
      if (workload.kind !== 'migration') continue;
      const job = new CloudRunJob(this, `Migration${pascalCase(workload.name)}`, {
        ...workloadContainer(parts, workload),
        jobName: workloadName(context.scope, workload.name),
        timeoutSeconds: timeouts.get(workload.name) ?? 600,
      });
      this.output(migrationJobOutput(workload.name), job.jobName);
    }
  }
}

import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import { GcsBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { stackName, type StackKind, stateBucketName, stateKeys } from './naming.js';
import type { StageContext } from './stage-context.js';

/** Write-only arguments are of Terraform 1.11; OpenTofu has them from 1.11 on, too. */
const terraformVersion = '>= 1.11.0, < 2.0.0';

/** One of the three stacks of a stage: a Terraform configuration with a state of its own in the bucket of the project. */
export class AgentStack extends TerraformStack {
  constructor(scope: Construct, kind: StackKind, { scope: stage, gcp }: StageContext) {
    super(scope, stackName(stage, kind));
    const { project, region } = gcp;
    this.addOverride('terraform.required_version', terraformVersion);
    new GcsBackend(this, { bucket: stateBucketName(project), prefix: stateKeys.terraform(stage, kind) });
    new GoogleProvider(this, 'google', {
      project,
      region,
      defaultLabels: { 'agentctl-name': stage.name, 'agentctl-stage': stage.stage },
    });
  }

  /**
   * Looks for no references from one stack to another, which resolves everything once more (a fifth of a synthesis): the
   * stacks know each other by what `outputs.ts` names, each is applied for itself.
   */
  override prepareStack(): void {}

  /** An output under exactly this name; undefined has none. */
  output(name: string, value: string | undefined): void {
    if (value === undefined) return;
    const output = new TerraformOutput(this, `Output-${name}`, { value });
    output.overrideLogicalId(name);
  }
}

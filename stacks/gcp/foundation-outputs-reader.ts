import { DataTerraformRemoteStateGcs } from 'cdktf';
import type { Construct } from 'constructs';
import { stateBucketName, stateKeys } from './naming.js';
import type { FoundationOutput } from './outputs.js';
import type { StageContext } from './stage-context.js';

/** The outputs of the foundation stack, as references into its state. */
export class FoundationOutputsReader {
  readonly #state: DataTerraformRemoteStateGcs;

  constructor(scope: Construct, { scope: stage, gcp }: StageContext) {
    this.#state = new DataTerraformRemoteStateGcs(scope, 'Foundation', {
      bucket: stateBucketName(gcp.project),
      prefix: stateKeys.terraform(stage, 'foundation'),
    });
    this.#state.overrideLogicalId('foundation');
  }

  get(output: FoundationOutput): string {
    return this.#state.getString(output);
  }
}

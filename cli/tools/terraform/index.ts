export { openTerraform } from './open-terraform.js';
export type { TaintedResource } from './tainted-resources.js';
export type {
  DeployedTerraform,
  DeployTerraformOptions,
  PlanChanges,
  PlannedResource,
  TerraformOutputs,
  TerraformProgram,
  TerraformRun,
  TerraformStack,
  TerraformTools,
  TerraformToolsOptions,
} from './terraform-tools.js';

import type { TaintedResource } from './tainted-resources.js';

/** A configuration with a state of its own. */
export interface TerraformStack {
  /** What its work directory is called: `foundation`, `migrations`, `service`. */
  readonly name: string;
  /** Directory of the synthesized stack: cdk.tf.json, and `.terraform.lock.hcl` when there is one. */
  readonly configuration: string;
  /** Values of its variables; they reach Terraform by its environment only. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Something to wait for, and where to say what happens meanwhile. */
export interface TerraformRun {
  /** Aborted, Terraform gets one SIGINT and is waited for: it finishes what it began and writes its state. */
  readonly signal: AbortSignal;
  /** One line per resource that is done, with the count: `3/12 google_sql_database_instance.Postgres: created after 95 s`. */
  readonly log: (line: string) => void;
}

/** A resource that a plan changes. */
export interface PlannedResource {
  /** `google_sql_database_instance.Postgres`. */
  readonly address: string;
  readonly type: string;
  /** Names of the arguments that differ, or that force the replacement; never values. Empty: it is new or gone. */
  readonly attributes: readonly string[];
}

/** What a plan would do, as far as somebody has to decide about it. Addresses, sorted; no values. */
export interface PlanChanges {
  readonly created: readonly PlannedResource[];
  readonly changed: readonly PlannedResource[];
  readonly replaced: readonly PlannedResource[];
  readonly removed: readonly PlannedResource[];
  /** In the state no more, and left as it is. */
  readonly forgotten: readonly PlannedResource[];
  /** One line for each role, member or range that permits more than before. */
  readonly iamWidening: readonly string[];
  /** Of `replaced` and `removed`, those that hold data. */
  readonly stateful: readonly PlannedResource[];
  /** Names of the outputs that differ. */
  readonly outputs: readonly string[];
}

export interface DeployTerraformOptions extends TerraformRun {
  readonly stack: TerraformStack;
  /** Whether IAM may get wider and resources may go. @default false */
  readonly allowWidening?: boolean;
  /** Addresses of resources with data that may be replaced or removed. @default - none */
  readonly allowReplace?: readonly string[];
  /** Why something whose creation failed, and which is there, cannot be used; undefined: it can. @default - it can */
  readonly unusable?: (resource: TaintedResource) => Promise<string | undefined>;
}

/** What a deploy came to. */
export interface DeployedTerraform {
  /** False: everything is as the configuration says already. */
  readonly changed: boolean;
  readonly outputs: TerraformOutputs;
}

/** Values by the name of the output. Some may be sensitive. */
export type TerraformOutputs = Readonly<Record<string, unknown>>;

/** Which program it is. */
export interface TerraformProgram {
  readonly product: 'terraform' | 'tofu';
  readonly version: string;
}

/**
 * Terraform or OpenTofu. Every call throws an AgentctlError: ToolMissing (none is installed, or it is too old), Locked (somebody
 * else holds the lock of the state), EnvironmentNotReady (credentials, permissions, bucket, provider), Interrupted
 * (by its signal), StepFailed (what Terraform says of a resource), Refused, PlanStale.
 */
export interface TerraformTools {
  program(signal: AbortSignal): Promise<TerraformProgram>;
  /** What a deploy would do; changes nothing and takes no lock. */
  changes(stack: TerraformStack, run: TerraformRun): Promise<PlanChanges>;
  /**
   * Brings a stack to what its configuration says. An apply that an earlier run has left running is waited for, a state that it
   * could not write is written first, and a lock is freed whose owner was ours and is dead. What holds data, and what can be
   * put right in place, is not replaced because its creation failed.
   *
   * @throws Refused: a replacement or removal that was not allowed; a resource with data that was made and cannot be used
   */
  deploy(options: DeployTerraformOptions): Promise<DeployedTerraform>;
  /** Destroys what its state has. `allowReplace` names what holds data and may go. */
  destroy(options: DeployTerraformOptions): Promise<{ readonly changed: boolean }>;
  /** Of its last apply; empty when there was none. */
  outputs(stack: TerraformStack, run: TerraformRun): Promise<TerraformOutputs>;
  /** Addresses of all that is in its state. */
  resources(stack: TerraformStack, run: TerraformRun): Promise<readonly string[]>;
  /** Frees the lock of a state, whoever holds it. */
  unlock(stack: TerraformStack, lockId: string, run: TerraformRun): Promise<void>;
}

/** Where and with what Terraform runs. */
export interface TerraformToolsOptions {
  /** PATH, Google's credentials, proxies; see `terraform-environment.ts` for what of it Terraform sees. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; has a work directory for each stack: `.agentctl/gcp/<stage>/terraform`. */
  readonly directory: string;
  /** Types of resources that hold data: replacing or removing one has to be allowed by name. */
  readonly statefulTypes: readonly string[];
  /** Further types that are put right in place when their creation failed, not replaced. @default - none */
  readonly mendedTypes?: readonly string[];
  /** `terraform` or `tofu`, or the path of one. @default - AGENTCTL_TERRAFORM, then whichever of the two is on the PATH */
  readonly program?: string | undefined;
  /** Absolute; checksums of the provider for configurations that have none beside them. OpenTofu has another registry. @default - none */
  readonly lockFile?: string | undefined;
}

import type { ShiftingServices } from './watch-shifts.js';

/** A CloudFormation stack as it is now. */
export interface StackState {
  readonly name: string;
  readonly id: string;
  /** `CREATE_COMPLETE`, `UPDATE_ROLLBACK_COMPLETE`, …: the CloudFormation user guide, "Stack status codes". */
  readonly status: string;
  readonly reason: string | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601; of its last change. */
  readonly changedAt: string;
  readonly isProtected: boolean;
}

/** How two templates differ, as far as somebody has to decide about it. Logical ids, sorted. */
export interface TemplateChanges {
  readonly created: readonly ChangedResource[];
  /** Changed in place, or possibly in place: CloudFormation says which only when it runs. */
  readonly changed: readonly ChangedResource[];
  readonly replaced: readonly ChangedResource[];
  readonly removed: readonly ChangedResource[];
  /** One line for each statement, managed policy or ingress rule that permits more than before. */
  readonly iamWidening: readonly string[];
  /** Of `replaced` and `removed`, those that hold data. */
  readonly stateful: readonly ChangedResource[];
}

/** One resource that differs. */
export interface ChangedResource {
  readonly logicalId: string;
  /** `AWS::RDS::DBInstance`. */
  readonly type: string;
  /** Names of the properties that differ; empty for a resource that is new or gone. */
  readonly properties: readonly string[];
}

/** Something to wait for, and where to say what happens meanwhile. */
export interface StackRun {
  readonly signal: AbortSignal;
  /** One line per resource that changes, with the count: `3/12 AWS::ECS::Service ServiceApi: UPDATE_COMPLETE`. */
  readonly log: (line: string) => void;
}

export interface DeployStackOptions extends StackRun {
  /** Directory of a synthesized cloud assembly. */
  readonly assembly: string;
  readonly stack: string;
  /** Whether IAM may get wider and resources may go. @default false */
  readonly allowWidening?: boolean;
  /** Logical ids of stateful resources that may be replaced. @default - none */
  readonly allowReplace?: readonly string[];
  /** Services of the stack whose rollouts move traffic: those that fail are stopped. @default - none */
  readonly shifting?: ShiftingServices;
}

export interface DeployedStack {
  /** False: the stack is as the template says already. */
  readonly changed: boolean;
  readonly state: StackState;
}

export interface DestroyStackOptions extends StackRun {
  readonly stack: string;
  /** Also when termination protection is on, which is turned off first. @default false */
  readonly unprotect?: boolean;
}

/** CloudFormation. */
export interface StackTools {
  /** Undefined: there is no such stack. */
  state(stack: string, signal: AbortSignal): Promise<StackState | undefined>;
  /** The template it was last deployed with, parsed; undefined without a stack. */
  template(stack: string, signal: AbortSignal): Promise<unknown>;
  /** Compares two parsed templates; `before` undefined: everything is new. */
  changes(before: unknown, after: unknown): Promise<TemplateChanges>;
  /**
   * Waits for whatever CloudFormation does with the stack now, ours or not. Aborted, it leaves CloudFormation to it.
   *
   * @throws StepFailed: it ended in a failure or a rollback
   */
  wait(stack: string, run: StackRun): Promise<StackState | undefined>;
  /**
   * Brings a stack that is stuck to where it can be deployed: waits for what goes on, removes one that was never created
   * (ROLLBACK_COMPLETE, REVIEW_IN_PROGRESS), finishes a rollback that failed. Done already by `deploy`.
   *
   * @throws Refused: it cannot be repaired without losing data; the fix says how
   */
  repair(stack: string, run: StackRun): Promise<StackState | undefined>;
  /**
   * Deploys one stack of an assembly and waits until it is done, or attaches to CloudFormation when it does that already.
   * Aborted, it leaves CloudFormation to it and throws Interrupted, which says so.
   *
   * @throws Refused: IAM widening, removal or replacement that was not allowed; StepFailed: rolled back, with the reason of
   *   the first resource that failed, and what ECS says about its tasks
   */
  deploy(options: DeployStackOptions): Promise<DeployedStack>;
  /** Logical and physical ids of its resources. */
  resources(
    stack: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly logicalId: string; readonly type: string; readonly physicalId: string }[]>;
  /** Deletes a stack and waits; returns what is kept of it (RETAIN). No stack: nothing is kept. */
  destroy(options: DestroyStackOptions): Promise<{ readonly kept: readonly string[] }>;
}

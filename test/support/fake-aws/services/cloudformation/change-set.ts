import type { Change, ChangeSetStatus, ExecutionStatus } from '@aws-sdk/client-cloudformation';
import type { Stack, StackInput } from './stack.js';
import type { OnFailure } from './stack-operations.js';

/** A change set. It is complete as soon as it is there. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly stack: Stack;
  readonly input: StackInput;
  readonly changes: readonly Change[];
  readonly onFailure: OnFailure | undefined;
  readonly createdAt: Date;
  readonly status: ChangeSetStatus;
  readonly statusReason: string | undefined;
  executionStatus: ExecutionStatus;
}

import type { StackProps } from 'aws-cdk-lib/core';
import type { FoundationStack } from './foundation-stack.js';
import type { StageContext } from './stage-context.js';

/** What a stack that changes with every release takes of the stage. */
export interface ReleaseStackProps extends StackProps {
  readonly context: StageContext;
  readonly foundation: FoundationStack;
}

import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib/core';
import type { AgentNetwork } from '../../../constructs/aws/index.js';
import type { StageContext } from '../stage-context.js';

/** What the parts of the foundation stack that hold data have in common. */
export interface FoundationParts {
  readonly stack: Stack;
  readonly context: StageContext;
  readonly network: AgentNetwork;
  readonly key: kms.IKey;
  readonly taskSecurityGroup: ec2.ISecurityGroup;
  readonly topic: sns.ITopic;
}

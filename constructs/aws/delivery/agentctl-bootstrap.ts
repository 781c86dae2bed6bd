import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link AgentctlBootstrap}. */
export interface AgentctlBootstrapProps {
  /** Days for which an overwritten or deleted state file can be brought back. @default 90 */
  readonly noncurrentDays?: number;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/**
 * What agentctl needs once per account and region: the bucket for locks, releases and templates, its key, and on request a
 * role for GitHub. Made by the stack `agentctl-bootstrap`, with CloudFormation parameters for what differs.
 */
export class AgentctlBootstrap extends Construct {
  readonly bucket!: s3.Bucket;
  readonly key!: kms.Key;

  constructor(scope: Construct, id: string, _props: AgentctlBootstrapProps = {}) {
    super(scope, id);
  }
}

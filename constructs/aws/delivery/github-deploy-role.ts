import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link GithubDeployRole}. */
export interface GithubDeployRoleProps {
  /** What GitHub's token says it is, exactly: `repo:acme/agent:environment:production`. */
  readonly subject: string;
  /** ARN of the account's provider for token.actions.githubusercontent.com. @default - one is made; an account can have one only */
  readonly providerArn?: string;
  /** Name of the role. @default - CloudFormation makes one */
  readonly roleName?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** A role that one workflow of one repository takes without a stored key; it may what agentctl does. */
export class GithubDeployRole extends Construct {
  readonly role!: iam.Role;

  constructor(scope: Construct, id: string, _props: GithubDeployRoleProps) {
    super(scope, id);
  }
}

import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration, Token, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';
import { deployPermissions, deployWildcards } from './deploy-permissions.js';

/** Props of {@link GithubDeployRole}. */
export interface GithubDeployRoleProps {
  /** What GitHub's token says it is, exactly: `repo:acme/agent:environment:production`. */
  readonly subject: string;
  /** What the names of the agent's stacks begin with, such as `support-agent-`. */
  readonly stackPrefix: string;
  /** The path of the agent's roles and policies, such as `/agentctl/support-agent/`. @default - their names begin with `stackPrefix` */
  readonly rolePath?: string;
  /** ARN of the account's provider for token.actions.githubusercontent.com. @default - one is made; an account can have one only */
  readonly providerArn?: string;
  /** Name of the role. @default - CloudFormation makes one */
  readonly roleName?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** A role that one workflow of one repository takes without a stored key; it may what agentctl does. */
export class GithubDeployRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: GithubDeployRoleProps) {
    super(scope, id);
    const { subject, stackPrefix, rolePath, roleName } = props;
    if (!Token.isUnresolved(subject) && !/^repo:[^*?/]+\/[^*?:]+:[^*?]+$/.test(subject))
      throw constructError(
        this,
        `subject is "${subject}"; it is exact, such as repo:acme/agent:environment:production`,
      );
    if (!Token.isUnresolved(stackPrefix) && !/^[a-zA-Z][a-zA-Z0-9-]{2,}$/.test(stackPrefix))
      throw constructError(this, `stackPrefix is "${stackPrefix}", not the beginning of the names of some stacks only`);
    if (rolePath !== undefined && !Token.isUnresolved(rolePath) && !/^\/([\w+=,.@-]+\/)+$/.test(rolePath))
      throw constructError(this, `rolePath is "${rolePath}", not a path such as /agentctl/support-agent/`);
    const agent = { stackPrefix, rolePath };
    const providerArn = props.providerArn ?? this.newProvider().attrArn;
    this.role = new iam.Role(this, 'Role', {
      ...(roleName === undefined ? {} : { roleName }),
      description: 'Taken by GitHub Actions to deploy with agentctl',
      maxSessionDuration: Duration.hours(2),
      assumedBy: new iam.WebIdentityPrincipal(providerArn, {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subject },
      }),
    });
    for (const statement of deployPermissions(this, agent)) this.role.addToPolicy(statement);
    Validations.of(this.role).acknowledge(
      ...deployWildcards(agent).map((wildcard) => ({
        id: `AwsSolutions-IAM5[${wildcard}]`,
        reason: 'Deploys templates with any resource of these services; roles are bound to the names of the stacks.',
      })),
    );
    applyTransform(this, props.transform);
  }

  /** AWS checks GitHub's certificate by itself, so no thumbprint is given. The L2 of it would bring a Lambda function. */
  private newProvider(): iam.CfnOIDCProvider {
    return new iam.CfnOIDCProvider(this, 'Provider', { url: `https://${issuer}`, clientIdList: ['sts.amazonaws.com'] });
  }
}

const issuer = 'token.actions.githubusercontent.com';

import { Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** Props of {@link ClosedDefaultSecurityGroup}. */
export interface ClosedDefaultSecurityGroupProps {
  readonly securityGroupId: string;
}

/** The rules that every default security group is made with: all from itself, all to everywhere. */
const defaultRules = {
  RevokeSecurityGroupIngress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: '{{ GroupId }}' }] }],
  RevokeSecurityGroupEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
} as const;

/**
 * Takes the rules out of a default security group. CloudFormation cannot, and CDK’s own way is a Lambda function; here a
 * State Manager association runs a runbook of two API calls once, when the stack is created. It is allowed nothing else.
 */
export class ClosedDefaultSecurityGroup extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { securityGroupId }: ClosedDefaultSecurityGroupProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Takes the rules out of the default security group',
    });
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({
          actions: Object.keys(defaultRules).map((api) => `ec2:${api}`),
          resources: [
            Stack.of(this).formatArn({ service: 'ec2', resource: 'security-group', resourceName: securityGroupId }),
          ],
        }),
      ],
    });
    const runbook = new ssm.CfnDocument(this, 'Runbook', {
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: runbookContent,
    });
    const association = new ssm.CfnAssociation(this, 'Association', {
      name: runbook.ref,
      parameters: { AutomationAssumeRole: [this.role.roleArn] },
      automationTargetParameterName: 'GroupId',
      targets: [{ key: 'ParameterValues', values: [securityGroupId] }],
    });
    association.node.addDependency(policy);
  }
}

const runbookContent = {
  schemaVersion: '0.3',
  description: 'Takes the rules out of a default security group',
  assumeRole: '{{ AutomationAssumeRole }}',
  parameters: {
    AutomationAssumeRole: { type: 'String' },
    GroupId: { type: 'String' },
  },
  mainSteps: Object.entries(defaultRules).map(([api, permissions]) => ({
    name: api,
    action: 'aws:executeAwsApi',
    // A rule that is gone already is an error of the API.
    onFailure: 'Continue',
    inputs: { Service: 'ec2', Api: api, GroupId: '{{ GroupId }}', IpPermissions: permissions },
  })),
};

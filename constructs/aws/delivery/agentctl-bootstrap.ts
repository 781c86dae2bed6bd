import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Duration,
  Fn,
  RemovalPolicy,
  Stack,
  Validations,
} from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { GithubDeployRole } from './github-deploy-role.js';

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
  readonly bucket: s3.Bucket;
  readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: AgentctlBootstrapProps = {}) {
    super(scope, id);
    this.key = this.newKey();
    this.bucket = this.newBucket(props.noncurrentDays ?? 90);
    this.githubRole();
    new CfnOutput(this, 'StateBucketOutput', {
      value: this.bucket.bucketName,
      exportName: 'agentctl-state-bucket',
    }).overrideLogicalId('StateBucketName');
    new CfnOutput(this, 'KeyOutput', { value: this.key.keyArn, exportName: 'agentctl-key-arn' }).overrideLogicalId(
      'KeyArn',
    );
    // Read by agentctl, to say when an account was prepared by an older one.
    new CfnOutput(this, 'VersionOutput', { value: '1' }).overrideLogicalId('Version');
    applyTransform(this, props.transform);
  }

  private newKey(): kms.Key {
    const key = new kms.Key(this, 'Key', {
      alias: 'alias/agentctl',
      description: 'State and secrets of agentctl',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    fix(key, 'Key');
    return key;
  }

  private newBucket(noncurrentDays: number): s3.Bucket {
    const { account, region } = Stack.of(this);
    const bucket = new s3.Bucket(this, 'StateBucket', {
      bucketName: `agentctl-state-${account}-${region}`,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(noncurrentDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        // Templates are needed while a stack is deployed; the stack keeps its own copy.
        { prefix: 'templates/', expiration: Duration.days(30) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    fix(bucket, 'StateBucket');
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs would need a second bucket that logs to itself; CloudTrail has the data events when asked to.',
    });
    return bucket;
  }

  /** Made when the parameters ask for it. */
  private githubRole(): void {
    const subject = parameter(
      this,
      'GithubSubject',
      'What the token of GitHub says exactly, such as repo:acme/agent:environment:production. Empty: no role.',
    );
    const stackPrefix = parameter(
      this,
      'StackPrefix',
      'What the names of the stacks begin with that the role may deploy, such as support-agent-.',
    );
    const rolePath = parameter(
      this,
      'RolePath',
      'The path of the roles that the role may make and pass, such as /agentctl/support-agent/.',
    );
    const providerArn = parameter(
      this,
      'GithubProviderArn',
      'ARN of the identity provider of the account for GitHub. Empty: one is made.',
    );
    const wanted = new CfnCondition(this, 'GithubWanted', {
      expression: Fn.conditionNot(Fn.conditionEquals(subject, '')),
    });
    wanted.overrideLogicalId('GithubWanted');
    const providerWanted = new CfnCondition(this, 'GithubProviderWanted', {
      expression: Fn.conditionAnd(wanted, Fn.conditionEquals(providerArn, '')),
    });
    providerWanted.overrideLogicalId('GithubProviderWanted');
    const provider = new iam.CfnOIDCProvider(this, 'GithubProvider', {
      url: 'https://token.actions.githubusercontent.com',
      clientIdList: ['sts.amazonaws.com'],
    });
    provider.overrideLogicalId('GithubProvider');
    provider.cfnOptions.condition = providerWanted;
    const { role } = new GithubDeployRole(this, 'GithubDeployRole', {
      subject,
      stackPrefix,
      rolePath,
      providerArn: Fn.conditionIf(providerWanted.logicalId, provider.attrArn, providerArn).toString(),
    });
    for (const resource of role.node.findAll())
      if (CfnResource.isCfnResource(resource)) resource.cfnOptions.condition = wanted;
    fix(role, 'GithubDeployRole');
    const output = new CfnOutput(this, 'GithubRoleOutput', { value: role.roleArn, condition: wanted });
    output.overrideLogicalId('GithubDeployRoleArn');
  }
}

function parameter(scope: Construct, name: string, description: string): string {
  const made = new CfnParameter(scope, name, { type: 'String', default: '', description });
  made.overrideLogicalId(name);
  return made.valueAsString;
}

/** The stack is found by these names, wherever the construct is put. */
function fix(construct: Construct, logicalId: string): void {
  const resource = construct.node.defaultChild;
  if (resource instanceof CfnResource) resource.overrideLogicalId(logicalId);
}

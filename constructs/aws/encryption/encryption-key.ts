import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  /**
   * Shown in the console.
   *
   * @default 'Data of an agent'
   */
  readonly description?: string;
  /**
   * Name of the key, without `alias/`.
   *
   * @default none
   */
  readonly alias?: string;
  /** @default the id of the construct: data encrypted with a lost key is lost */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/**
 * One customer managed key for everything that an agent stores: rotated each year, kept when the stack goes. The services
 * that write on their own, not in the name of who deploys, may use it: CloudWatch Logs for log groups of this account and
 * region, alarms and EventBridge for encrypted topics and queues of this account.
 */
export class EncryptionKey extends Construct {
  /** The key. */
  readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);
    this.key = new kms.Key(this, 'Key', {
      description: props.description ?? 'Data of an agent',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(props.alias === undefined ? {} : { alias: props.alias }),
    });
    const cfnKey = this.key.node.defaultChild;
    if (cfnKey instanceof kms.CfnKey) fixLogicalId(this, cfnKey, props.logicalId);
    this.key.addToResourcePolicy(this.forLogGroups());
    this.key.addToResourcePolicy(this.forNotifications());
    applyTransform(this, props.transform);
  }

  /** As the user guide of CloudWatch Logs has it: "Encrypt log data using AWS KMS". */
  private forLogGroups(): iam.PolicyStatement {
    const stack = Stack.of(this);
    const logGroups = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new iam.PolicyStatement({
      sid: 'LogGroups',
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    });
  }

  /** As the developer guide of Amazon SNS has it: "Key management", event sources. */
  private forNotifications(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'Notifications',
      principals: ['cloudwatch', 'events'].map((service) => new iam.ServicePrincipal(`${service}.amazonaws.com`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
  }
}

import { CfnDeletionPolicy, Fn, Names } from 'aws-cdk-lib/core';
import * as amazonmq from 'aws-cdk-lib/aws-amazonmq';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { secretField } from '../secrets/named-secret.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link RabbitMqBroker}. */
export interface RabbitMqBrokerProps {
  readonly vpc: ec2.IVpc;
  /** Without a route to the internet. */
  readonly vpcSubnets: ec2.SubnetSelection;
  /** A secret that is there already, with JSON of `username` and `password`; only its name gets into the template. */
  readonly secretName: string;
  /**
   * The one user, as it stands in the secret. A change replaces the broker.
   *
   * @default 'agent'
   */
  readonly username?: string;
  /**
   * Three nodes in three zones; one node otherwise.
   *
   * @default true
   */
  readonly cluster?: boolean;
  /** @default 'mq.m7g.medium' */
  readonly hostInstanceType?: string;
  /**
   * Major and minor version; Amazon MQ puts patches in on its own.
   *
   * @default '3.13'
   */
  readonly engineVersion?: string;
  /**
   * 1 to 50 letters, digits, hyphens and underscores. A change replaces the broker.
   *
   * @default computed from the path of the construct
   */
  readonly brokerName?: string;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** The only port that Amazon MQ opens for AMQP: Amazon MQ developer guide, "RabbitMQ tutorials". */
const amqpsPort = 5671;

/**
 * RabbitMQ on Amazon MQ, private and TLS only, kept when the stack goes. Amazon MQ encrypts what RabbitMQ stores with a key
 * of its own; a key of the customer it takes for ActiveMQ only.
 */
export class RabbitMqBroker extends Construct implements ec2.IConnectable {
  readonly broker: amazonmq.CfnBroker;
  readonly securityGroup: ec2.SecurityGroup;
  /** `connections.allowDefaultPortFrom(service)` opens the broker to a service. */
  readonly connections: ec2.Connections;
  readonly host: string;
  readonly port: number = amqpsPort;
  /** `amqps://HOST:5671`. */
  readonly endpoint: string;
  readonly username: string;
  readonly secretName: string;

  constructor(scope: Construct, id: string, props: RabbitMqBrokerProps) {
    super(scope, id);
    const { cluster = true, hostInstanceType = 'mq.m7g.medium', engineVersion = '3.13' } = props;
    this.username = props.username ?? 'agent';
    this.secretName = props.secretName;
    const brokerName = props.brokerName ?? Names.uniqueResourceName(this, { maxLength: 50, separator: '-' });
    if (!/^[A-Za-z0-9_-]{1,50}$/.test(brokerName))
      throw constructError(this, `brokerName "${brokerName}" is not 1 to 50 letters, digits, hyphens and underscores`);
    if (!/^[A-Za-z0-9._-]{2,100}$/.test(this.username) || this.username === 'guest')
      throw constructError(this, `username "${this.username}" is not 2 to 100 letters, digits and ._-, or is guest`);
    if (!/^mq\.[a-z0-9]+\.[a-z0-9]+$/.test(hostInstanceType))
      throw constructError(this, `hostInstanceType "${hostInstanceType}" is not one such as mq.m7g.medium`);
    if (cluster && hostInstanceType.endsWith('.micro'))
      throw constructError(this, `hostInstanceType ${hostInstanceType} has no clusters`);

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'RabbitMQ',
      allowAllOutbound: false,
    });
    const defaultPort = ec2.Port.tcp(amqpsPort);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort });
    const { subnetIds } = props.vpc.selectSubnets(props.vpcSubnets);
    this.broker = new amazonmq.CfnBroker(this, 'Broker', {
      brokerName,
      engineType: 'RABBITMQ',
      engineVersion,
      autoMinorVersionUpgrade: true,
      deploymentMode: cluster ? 'CLUSTER_MULTI_AZ' : 'SINGLE_INSTANCE',
      hostInstanceType,
      publiclyAccessible: false,
      subnetIds: cluster ? subnetIds : subnetIds.slice(0, 1),
      securityGroups: [this.securityGroup.securityGroupId],
      users: [{ username: this.username, password: secretField(this, props.secretName, 'password').unsafeUnwrap() }],
      logs: { general: true },
      maintenanceWindowStartTime: { dayOfWeek: 'SUNDAY', timeOfDay: '04:00', timeZone: 'UTC' },
    });
    this.broker.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
    this.broker.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    fixLogicalId(this, this.broker, props.logicalId);
    this.endpoint = Fn.select(0, this.broker.attrAmqpEndpoints);
    this.host = Fn.select(0, Fn.split(':', Fn.select(1, Fn.split('//', this.endpoint))));
    applyTransform(this, props.transform);
  }
}

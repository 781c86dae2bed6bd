import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';
import type { WebAcl } from './web-acl.js';

/** Props of {@link PublicLoadBalancer}. */
export interface PublicLoadBalancerProps {
  readonly vpc: ec2.IVpc;
  /** Where the load balancer is. @default - the public subnets */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** Name of the load balancer, at most 32 characters. @default - CloudFormation makes one */
  readonly loadBalancerName?: string;
  /** Public host name, without scheme. @default - the name that AWS gives the load balancer */
  readonly hostName?: string;
  /** ARN of a certificate in the same region. @default - made and validated in `hostedZone` */
  readonly certificateArn?: string;
  /** Route 53 zone that gets the alias record, and the certificate's proof. @default - DNS is kept elsewhere */
  readonly hostedZone?: route53.IHostedZone;
  /** Serve plain HTTP when there is no certificate; for stages that hold nothing. @default false */
  readonly allowPlainHttp?: boolean;
  /** A stream without a byte for this long is closed. @default 300 s */
  readonly idleTimeout?: Duration;
  /** Refuse to delete the load balancer. @default true */
  readonly deletionProtection?: boolean;
  /** Days for which access and connection logs are kept. @default 365 */
  readonly accessLogDays?: number;
  /** Requests one address may make in five minutes. @default 2000 */
  readonly requestsPerAddress?: number;
  /** How long the web ACL's log is kept. @default ONE_YEAR */
  readonly webAclLogRetention?: logs.RetentionDays;
  /** Encrypts the web ACL's log. @default - a key that AWS manages */
  readonly encryptionKey?: kms.IKey;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** The public address: HTTPS, behind a web ACL, logged; whatever no route matches is a 404. */
export class PublicLoadBalancer extends Construct implements ec2.IConnectable {
  readonly loadBalancer!: elbv2.ApplicationLoadBalancer;
  readonly securityGroup!: ec2.SecurityGroup;
  /** Takes the routes: port 443, or 80 with `allowPlainHttp`. */
  readonly listener!: elbv2.ApplicationListener;
  /** Sends plain HTTP to HTTPS. */
  readonly redirectListener: elbv2.ApplicationListener | undefined;
  readonly certificate: acm.ICertificate | undefined;
  readonly logsBucket!: s3.Bucket;
  readonly webAcl!: WebAcl;
  /** Public URL without a slash at its end. */
  readonly url!: string;
  /** Host name that routes are matched with. */
  readonly hostName: string | undefined;
  readonly connections!: ec2.Connections;

  constructor(scope: Construct, id: string, _props: PublicLoadBalancerProps) {
    super(scope, id);
  }
}

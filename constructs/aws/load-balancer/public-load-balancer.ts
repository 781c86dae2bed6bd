import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';
import { accessLogsBucket } from './access-logs-bucket.js';
import { deliverLogs } from './deliver-logs.js';
import { WebAcl } from './web-acl.js';

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
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly securityGroup: ec2.SecurityGroup;
  /** Takes the routes: port 443, or 80 with `allowPlainHttp`. */
  readonly listener: elbv2.ApplicationListener;
  /** Sends plain HTTP to HTTPS. */
  readonly redirectListener: elbv2.ApplicationListener | undefined;
  readonly certificate: acm.ICertificate | undefined;
  readonly logsBucket: s3.Bucket;
  readonly webAcl: WebAcl;
  /** Public URL without a slash at its end. */
  readonly url: string;
  /** Host name that routes are matched with. */
  readonly hostName: string | undefined;
  readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: PublicLoadBalancerProps) {
    super(scope, id);
    const { vpc, vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC }, loadBalancerName, hostName } = props;
    this.hostName = hostName;
    this.certificate = this.certificateFor(props);
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Public load balancer',
      allowAllOutbound: false,
    });
    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets,
      internetFacing: true,
      ...(loadBalancerName === undefined ? {} : { loadBalancerName }),
      securityGroup: this.securityGroup,
      idleTimeout: props.idleTimeout ?? Duration.seconds(300),
      deletionProtection: props.deletionProtection ?? true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.DEFENSIVE,
      http2Enabled: true,
    });
    this.connections = this.loadBalancer.connections;
    this.logsBucket = accessLogsBucket(this, props.accessLogDays);
    deliverLogs(this.loadBalancer, this.logsBucket);
    this.listener = this.certificate === undefined ? this.plainListener() : this.secureListener(this.certificate);
    this.redirectListener = this.certificate === undefined ? undefined : this.newRedirectListener();
    this.webAcl = new WebAcl(this, 'Firewall', {
      loadBalancer: this.loadBalancer,
      ...(props.requestsPerAddress === undefined ? {} : { requestsPerAddress: props.requestsPerAddress }),
      ...(props.webAclLogRetention === undefined ? {} : { logRetention: props.webAclLogRetention }),
      ...(props.encryptionKey === undefined ? {} : { encryptionKey: props.encryptionKey }),
    });
    if (props.hostedZone !== undefined) this.addRecord(props.hostedZone);
    const scheme = this.certificate === undefined ? 'http' : 'https';
    this.url = `${scheme}://${hostName ?? this.loadBalancer.loadBalancerDnsName}`;
    Validations.of(this.securityGroup).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'A public load balancer takes requests from everywhere; a web ACL is in front of it.',
    });
    applyTransform(this, props.transform);
  }

  private certificateFor({
    certificateArn,
    hostName,
    hostedZone,
    allowPlainHttp = false,
  }: PublicLoadBalancerProps): acm.ICertificate | undefined {
    if (hostedZone !== undefined && hostName === undefined)
      throw constructError(this, 'hostedZone needs hostName, the name of the record in it');
    if (certificateArn !== undefined) return acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    if (hostedZone !== undefined && hostName !== undefined)
      return new acm.Certificate(this, 'Certificate', {
        domainName: hostName,
        validation: acm.CertificateValidation.fromDns(hostedZone),
      });
    if (allowPlainHttp) return undefined;
    throw constructError(
      this,
      'HTTPS needs certificateArn, or hostName and hostedZone; allowPlainHttp serves without, for stages that hold nothing',
    );
  }

  private secureListener(certificate: acm.ICertificate): elbv2.ApplicationListener {
    return this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificate],
      sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
      defaultAction: notFound(),
    });
  }

  private newRedirectListener(): elbv2.ApplicationListener {
    // The id of the plain one: with a domain that becomes the redirect, as no two listeners can have one port.
    return this.loadBalancer.addListener('Http', {
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
  }

  private plainListener(): elbv2.ApplicationListener {
    return this.loadBalancer.addListener('Http', {
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      defaultAction: notFound(),
    });
  }

  private addRecord(zone: route53.IHostedZone): void {
    const target = route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(this.loadBalancer));
    if (this.hostName !== undefined)
      // With a dot at its end the name is complete, so the zone's own name does not have to be known.
      new route53.ARecord(this, 'Record', { zone, recordName: `${this.hostName}.`, target });
  }
}

/** What no route matches. */
function notFound(): elbv2.ListenerAction {
  return elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'not found' });
}

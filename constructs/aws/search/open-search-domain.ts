import { ArnFormat, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { largestSearchVolumeGiB } from '../limits/search-volume.js';
import { secretField } from '../secrets/named-secret.js';
import { applyTransform, type Transform } from '../transform.js';
import { SearchLogs } from './search-logs.js';

/** Clients log in with the user name and password of a secret that is there already: JSON of `username`, `password`. */
export interface PasswordAccess {
  readonly kind: 'password';
  readonly secretName: string;
  /**
   * As it stands in the secret.
   *
   * @default 'agent'
   */
  readonly username?: string;
}

/** Clients sign their requests with a role; who may do what beyond that is mapped in OpenSearch. */
export interface RoleAccess {
  readonly kind: 'roles';
  /** May do everything. */
  readonly masterRole: iam.IRole;
  /** May send requests. */
  readonly clientRoles: readonly iam.IRole[];
}

/** Props of {@link OpenSearchDomain}. */
export interface OpenSearchDomainProps {
  readonly vpc: ec2.IVpc;
  /** Without a route to the internet, as many zones as the domain has (up to three). */
  readonly vpcSubnets: ec2.SubnetSelection;
  /** For disk, snapshots and logs; its policy has to admit CloudWatch Logs (see `EncryptionKey`). */
  readonly encryptionKey: kms.IKey;
  readonly access: PasswordAccess | RoleAccess;
  /**
   * `2.19`, `3.3`, …; a newer one is an upgrade in place.
   *
   * @default '3.3'
   */
  readonly version?: string;
  /**
   * Spread over as many zones, up to three.
   *
   * @default 3
   */
  readonly dataNodes?: number;
  /** @default 'r7g.large.search' */
  readonly instanceType?: string;
  /**
   * Three nodes that only lead the cluster; false leaves that to the data nodes.
   *
   * @default true with three data nodes or more, as AWS recommends for production
   */
  readonly dedicatedMasters?: boolean;
  /** @default 'm7g.large.search' */
  readonly masterInstanceType?: string;
  /**
   * Multi-AZ with standby: 99.99 %. It refuses every index that has not two replicas (or five), so clients that set
   * `number_of_replicas` themselves have to know.
   *
   * @default false
   */
  readonly standby?: boolean;
  /**
   * GiB of gp3 on each data node.
   *
   * @default 100
   */
  readonly storageGiB?: number;
  /** @default one year */
  readonly logRetention?: logs.RetentionDays;
  /**
   * 3 to 28 lower-case letters, digits and hyphens. A change replaces the domain.
   *
   * @default computed from the path of the construct
   */
  readonly domainName?: string;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** The methods of its HTTP API. */
const httpActions = ['Delete', 'Get', 'Head', 'Patch', 'Post', 'Put'].map((method) => `es:ESHttp${method}`);

/**
 * OpenSearch inside of the VPC: TLS only, encrypted with a key of the customer, fine-grained access control, logs. The
 * access policy is a property of the domain, not the Lambda function that CDK would set it with.
 */
export class OpenSearchDomain extends Construct implements ec2.IConnectable {
  readonly domain: opensearch.Domain;
  readonly securityGroup: ec2.SecurityGroup;
  /** `connections.allowDefaultPortFrom(service)` opens the domain to a service. */
  readonly connections: ec2.Connections;
  readonly logs: SearchLogs;
  readonly domainName: string;
  readonly host: string;
  readonly port: number = 443;
  /** `https://HOST`. */
  readonly endpoint: string;
  /** Data nodes and dedicated masters. */
  readonly nodes: number;

  constructor(scope: Construct, id: string, props: OpenSearchDomainProps) {
    super(scope, id);
    const { version = '3.3', dataNodes = 3, instanceType = 'r7g.large.search', storageGiB = 100 } = props;
    const masters = (props.dedicatedMasters ?? dataNodes >= 3) ? 3 : 0;
    this.nodes = dataNodes + masters;
    this.domainName =
      props.domainName ?? Names.uniqueResourceName(this, { maxLength: 28, separator: '-' }).toLowerCase();
    this.check(props, { version, dataNodes, instanceType, storageGiB, masters });

    const { subnets } = props.vpc.selectSubnets(props.vpcSubnets);
    const zones = Math.min(dataNodes, subnets.length, 3);
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'OpenSearch',
      allowAllOutbound: false,
    });
    const defaultPort = ec2.Port.tcp(this.port);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort });
    this.logs = new SearchLogs(this, 'Logs', {
      encryptionKey: props.encryptionKey,
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
    });

    this.domain = new opensearch.Domain(this, 'Domain', {
      domainName: this.domainName,
      version: opensearch.EngineVersion.openSearch(version),
      vpc: props.vpc,
      vpcSubnets: [{ subnets: subnets.slice(0, zones) }],
      securityGroups: [this.securityGroup],
      capacity: {
        dataNodes,
        dataNodeInstanceType: instanceType,
        multiAzWithStandbyEnabled: props.standby ?? false,
        ...(masters === 0
          ? {}
          : { masterNodes: masters, masterNodeInstanceType: props.masterInstanceType ?? 'm7g.large.search' }),
      },
      zoneAwareness: zones > 1 ? { enabled: true, availabilityZoneCount: zones } : { enabled: false },
      ebs: { volumeSize: storageGiB, volumeType: ec2.EbsDeviceVolumeType.GP3 },
      encryptionAtRest: { enabled: true, kmsKey: props.encryptionKey },
      nodeToNodeEncryption: true,
      enforceHttps: true,
      tlsSecurityPolicy: opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
      fineGrainedAccessControl: this.accessControl(props.access),
      logging: this.logs.options,
      suppressLogsResourcePolicy: true,
      enableAutoSoftwareUpdate: true,
      offPeakWindowEnabled: true,
      // Another version is an upgrade, not a new and empty domain.
      enableVersionUpgrade: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.domain.node.addDependency(this.logs.resourcePolicy);
    const cfnDomain = this.domain.node.defaultChild;
    if (cfnDomain instanceof opensearch.CfnDomain) {
      cfnDomain.accessPolicies = this.accessPolicy(props.access);
      fixLogicalId(this, cfnDomain, props.logicalId);
      this.acknowledge(cfnDomain, props.access);
    }
    this.host = this.domain.domainEndpoint;
    this.endpoint = `https://${this.host}`;
    applyTransform(this, props.transform);
  }

  private accessControl(access: PasswordAccess | RoleAccess): opensearch.AdvancedSecurityOptions {
    return access.kind === 'roles'
      ? { masterUserArn: access.masterRole.roleArn }
      : {
          masterUserName: access.username ?? 'agent',
          masterUserPassword: secretField(this, access.secretName, 'password'),
        };
  }

  /**
   * A policy that names roles turns away every request that is not signed, so that no password is ever looked at: with
   * passwords, it lets requests through to fine-grained access control, which turns away those without one.
   */
  private accessPolicy(access: PasswordAccess | RoleAccess): object {
    const principals = access.kind === 'roles' ? [access.masterRole, ...access.clientRoles] : [];
    return {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: access.kind === 'roles' ? principals.map((role) => role.roleArn) : '*' },
          Action: httpActions,
          Resource: Stack.of(this).formatArn({
            service: 'es',
            resource: 'domain',
            resourceName: `${this.domainName}/*`,
            arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
          }),
        },
      ],
    };
  }

  private acknowledge(domain: opensearch.CfnDomain, access: PasswordAccess | RoleAccess): void {
    Validations.of(domain).acknowledge({
      id: 'AwsSolutions-OS3',
      reason: 'AWS takes no addresses in the policy of a domain in a VPC; its security group says who may connect',
    });
    if (access.kind === 'roles') return;
    Validations.of(domain).acknowledge({
      id: 'AwsSolutions-OS5',
      reason: 'Clients log in by user name and password, which a policy that asks for signatures would never look at',
    });
  }

  private check(
    props: OpenSearchDomainProps,
    settings: {
      readonly version: string;
      readonly dataNodes: number;
      readonly instanceType: string;
      readonly storageGiB: number;
      readonly masters: number;
    },
  ): void {
    const { version, dataNodes, instanceType, storageGiB, masters } = settings;
    const { standby = false, masterInstanceType = 'm7g.large.search' } = props;
    const largest = largestSearchVolumeGiB(instanceType);
    const problems = [
      !/^\d+\.\d+$/.test(version) && `version "${version}" is not one such as 3.3`,
      (!Number.isInteger(dataNodes) || dataNodes < 1 || dataNodes > 80) &&
        `dataNodes ${dataNodes} is not a whole number from 1 to 80`,
      ...[instanceType, masterInstanceType].map(
        (type) =>
          !/^[a-z0-9-]+\.[a-z0-9]+\.search$/.test(type) && `"${type}" is not an instance type such as r7g.large.search`,
      ),
      (!Number.isInteger(storageGiB) || storageGiB < 10) && `storageGiB ${storageGiB} is not a whole number from 10`,
      largest !== undefined &&
        storageGiB > largest &&
        `storageGiB ${storageGiB} is more than ${instanceType} takes (${largest})`,
      standby &&
        (dataNodes % 3 !== 0 || masters === 0 || instanceType.startsWith('t')) &&
        'standby needs dedicated masters, and data nodes in threes that are not of family t',
      !/^[a-z][a-z0-9-]{2,27}$/.test(this.domainName) &&
        `domainName "${this.domainName}" is not 3 to 28 lower-case letters, digits and hyphens`,
    ].filter((problem) => problem !== false);
    if (problems.length > 0) throw constructError(this, problems.join('; '));
  }
}

import { Annotations, Fn, Token } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';
import { InterfaceEndpoints } from './interface-endpoints.js';

/** A VPC that is there already. Nothing is looked up, so its subnets have to be named. */
export interface ExistingVpc {
  readonly vpcId: string;
  /** For an internet-facing load balancer; in two zones or more. */
  readonly publicSubnetIds: readonly string[];
  /** For tasks, with a route to the internet; in two zones or more. */
  readonly appSubnetIds: readonly string[];
  /** For databases, without a route to the internet; in two zones or more. */
  readonly dataSubnetIds: readonly string[];
}

/** Props of {@link AgentNetwork}. */
export interface AgentNetworkProps {
  /** @default a VPC of its own; everything below but `transform` is about that one */
  readonly existing?: ExistingVpc;
  /**
   * Addresses, a /16 to /20.
   *
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;
  /**
   * Zones, 2 or more; the first ones of the region.
   *
   * @default 3
   */
  readonly availabilityZones?: number;
  /**
   * How tasks reach the internet. `regional`: one NAT gateway for all zones, that AWS spreads over them. `per-zone`: one in
   * each zone. `single`: one in one zone, the cheapest. `none`: not at all.
   *
   * @default 'regional'
   */
  readonly nat?: 'regional' | 'per-zone' | 'single' | 'none';
  /**
   * How tasks reach AWS. `gateway`: by NAT, and S3 (that is image layers) by its free gateway. `full`: also ECR, logs,
   * secrets, parameters and KMS by interface endpoints, which AWS charges by the hour and zone.
   *
   * @default 'gateway'; 'full' without NAT
   */
  readonly endpoints?: 'gateway' | 'full';
  /**
   * Key of the flow logs; its policy has to admit CloudWatch Logs (see `EncryptionKey`).
   *
   * @default a key of CloudWatch Logs
   */
  readonly encryptionKey?: kms.IKey;
  /** @default one year */
  readonly flowLogRetention?: logs.RetentionDays;
  /** @default none */
  readonly transform?: Transform;
}

/** Subnets by what is put into them. */
const subnetGroups = { public: 'public', app: 'app', data: 'data' } as const;

/** A VPC with subnets for load balancer, tasks and data, in three zones: a new one, or one that is there already. */
export class AgentNetwork extends Construct {
  readonly vpc: ec2.IVpc;
  /** For the load balancer. */
  readonly publicSubnets: ec2.SubnetSelection;
  /** For tasks. */
  readonly appSubnets: ec2.SubnetSelection;
  /** For databases, search and caches. */
  readonly dataSubnets: ec2.SubnetSelection;
  /** Ids of {@link appSubnets}. */
  readonly appSubnetIds: readonly string[];
  /** Ids of its own NAT gateways; those of an existing VPC are not known. */
  readonly natGatewayIds: readonly string[];
  /** Not of an existing VPC. */
  readonly flowLogGroup?: logs.LogGroup;

  constructor(scope: Construct, id: string, props: AgentNetworkProps = {}) {
    super(scope, id);
    if (props.existing === undefined) {
      this.vpc = this.newVpc(props);
      this.flowLogGroup = this.flowLogs(props);
      this.publicSubnets = { subnetGroupName: subnetGroups.public };
      this.appSubnets = { subnetGroupName: subnetGroups.app };
      this.dataSubnets = { subnetGroupName: subnetGroups.data };
    } else {
      const { vpcId, publicSubnetIds, appSubnetIds, dataSubnetIds } = props.existing;
      this.vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: firstZones(3) });
      this.publicSubnets = this.existingSubnets('Public', publicSubnetIds);
      this.appSubnets = this.existingSubnets('App', appSubnetIds);
      this.dataSubnets = this.existingSubnets('Data', dataSubnetIds);
    }
    this.appSubnetIds = this.vpc.selectSubnets(this.appSubnets).subnetIds;
    this.natGatewayIds = this.vpc.node.findAll().flatMap((part) => (part instanceof ec2.CfnNatGateway ? part.ref : []));
    applyTransform(this, props.transform);
  }

  private newVpc(props: AgentNetworkProps): ec2.Vpc {
    const { cidr = '10.0.0.0/16', availabilityZones = 3, nat = 'regional' } = props;
    if (!Number.isInteger(availabilityZones) || availabilityZones < 2 || availabilityZones > 6)
      throw constructError(this, `availabilityZones is ${availabilityZones}, not a whole number from 2 to 6`);
    if (!Token.isUnresolved(cidr) && !/^\d+\.\d+\.\d+\.\d+\/(1[6-9]|20)$/.test(cidr))
      throw constructError(this, `cidr "${cidr}" is not an IPv4 range from /16 to /20, such as 10.0.0.0/16`);

    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(cidr),
      availabilityZones: firstZones(availabilityZones),
      // The flag of this name would bring a Lambda function. Nothing is ever put into the default group.
      restrictDefaultSecurityGroup: false,
      ...natOf(nat, availabilityZones),
      subnetConfiguration: [
        { name: subnetGroups.public, subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        {
          name: subnetGroups.app,
          subnetType: nat === 'none' ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS,
        },
        { name: subnetGroups.data, subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    });
    if ((props.endpoints ?? (nat === 'none' ? 'full' : 'gateway')) === 'full')
      new InterfaceEndpoints(this, 'Endpoints', { vpc, cidr, subnets: { subnetGroupName: subnetGroups.app } });
    return vpc;
  }

  private flowLogs({ encryptionKey, flowLogRetention }: AgentNetworkProps): logs.LogGroup {
    const logGroup = new logs.LogGroup(this, 'FlowLogs', {
      retention: flowLogRetention ?? logs.RetentionDays.ONE_YEAR,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    this.vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup) });
    return logGroup;
  }

  private existingSubnets(name: string, ids: readonly string[]): ec2.SubnetSelection {
    if (ids.length < 2) throw constructError(this, `existing.${name.toLowerCase()}SubnetIds has fewer than 2 subnets`);
    return { subnets: ids.map((subnetId, index) => this.existingSubnet(`${name}Subnet${index + 1}`, subnetId)) };
  }

  private existingSubnet(id: string, subnetId: string): ec2.ISubnet {
    const subnet = ec2.Subnet.fromSubnetId(this, id, subnetId);
    const reason = 'no route is added to an existing VPC';
    Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', reason);
    return subnet;
  }
}

/** The first zones of whichever region the stack is deployed to, without asking which those are. */
function firstZones(count: number): string[] {
  return Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()));
}

function natOf(nat: AgentNetworkProps['nat'], zones: number): Pick<ec2.VpcProps, 'natGateways' | 'natGatewayProvider'> {
  switch (nat) {
    case 'none':
      return { natGateways: 0 };
    case 'single':
      return { natGateways: 1 };
    case 'per-zone':
      return { natGateways: zones };
    case 'regional':
    case undefined:
      return { natGatewayProvider: ec2.NatProvider.regionalGateway() };
  }
}

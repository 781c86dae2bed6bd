import { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project/index.js';
import type { Construct } from 'constructs';
import { AgentNetwork, AlertChannel, ImageRepository, ProjectServices } from '../../constructs/gcp/index.js';
import { AgentStack } from './agent-stack.js';
import { foundationData } from './foundation/data.js';
import type { FoundationParts } from './foundation/foundation-parts.js';
import { dataOutputs } from './foundation/foundation-outputs.js';
import { foundationAddress } from './foundation/public-address.js';
import { neededServices } from './needed-services.js';
import { foundationName, repositoryName } from './naming.js';
import type { StageContext } from './stage-context.js';

/** What lives as long as the stage does: APIs, network, data, registry, public address, alerts, backups. */
export class FoundationStack extends AgentStack {
  constructor(scope: Construct, context: StageContext) {
    super(scope, 'foundation', context);
    const { gcp, spec } = context;
    const { project, region } = gcp;
    const name = foundationName(context.scope);
    const apis = new ProjectServices(this, 'Apis', { services: neededServices(spec) });
    const { number: projectNumber } = new DataGoogleProject(this, 'Project', { projectId: project });
    const network = this.newNetwork(context, name);
    const { email } = spec.observability.alarms;
    const channel =
      email === undefined ? undefined : new AlertChannel(this, 'Alerts', { displayName: `${name}: alerts`, email });
    const channels = channel === undefined ? [] : [channel.channel.id];
    const registry = new ImageRepository(this, 'Registry', {
      project,
      region,
      repositoryName: repositoryName(context.scope),
      deletionProtection: context.protect,
    });
    const address = foundationAddress(this, context, name);
    const parts: FoundationParts = { stack: this, context, name, network, channels, projectNumber };
    const data = foundationData(parts);
    apis.guard(this);

    const outputs = {
      ProjectNumber: projectNumber,
      NetworkId: network.networkId,
      RunSubnetworkId: network.runSubnetworkId,
      RepositoryUri: registry.uri,
      AlertChannel: channel?.channel.id,
      Url: address?.url,
      Address: address?.address.address,
      SecurityPolicyId: address?.securityPolicy.policy.id,
      CertificateId: address?.certificate?.id,
      SslPolicyId: address?.sslPolicy?.id,
      ...dataOutputs(data),
    };
    for (const [output, value] of Object.entries(outputs)) this.output(output, value);
  }

  private newNetwork({ gcp }: StageContext, name: string): AgentNetwork {
    const { project, region, network, subnetwork } = gcp;
    return new AgentNetwork(this, 'Network', {
      project,
      region,
      name,
      ...(network === undefined || subnetwork === undefined ? {} : { existing: { network, subnetwork } }),
    });
  }
}

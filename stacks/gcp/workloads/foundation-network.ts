import { AgentNetwork } from '../../../constructs/gcp/index.js';
import type { AgentStack } from '../agent-stack.js';
import type { FoundationOutputsReader } from '../foundation-outputs-reader.js';
import type { StageContext } from '../stage-context.js';

/** The network of the foundation, as the other stacks see it. */
export function foundationNetwork(
  stack: AgentStack,
  { gcp }: StageContext,
  foundation: FoundationOutputsReader,
): AgentNetwork {
  const { project, region } = gcp;
  return new AgentNetwork(stack, 'Network', {
    project,
    region,
    name: 'foundation',
    existing: { networkId: foundation.get('NetworkId'), subnetworkId: foundation.get('RunSubnetworkId') },
  });
}

import { PublicAddress } from '../../../constructs/gcp/index.js';
import { isPublic } from '../../stage/is-public.js';
import type { AgentStack } from '../agent-stack.js';
import type { StageContext } from '../stage-context.js';

/** Address, certificate and Cloud Armor; undefined when nothing answers from outside. */
export function foundationAddress(
  stack: AgentStack,
  { spec, gcp, protect }: StageContext,
  name: string,
): PublicAddress | undefined {
  if (!isPublic(spec)) return undefined;
  const hostName = spec.domain?.name;
  return new PublicAddress(stack, 'PublicAddress', {
    name,
    deletionProtection: protect,
    ...(hostName === undefined ? {} : { hostName }),
    ...(hostName === undefined || gcp.dnsZone === undefined ? {} : { dnsZone: gcp.dnsZone }),
  });
}

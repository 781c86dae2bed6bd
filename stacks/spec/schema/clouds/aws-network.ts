import * as z from 'zod';
import { oneOf, patternedText } from '../text.js';

const subnetId = () => patternedText(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id such as subnet-0a1b2c3d4e5f67890');
const subnets = () =>
  z
    .array(subnetId(), { error: 'a list of subnet ids' })
    .min(2, { error: 'at least two subnets, in different availability zones' });

/** Subnets of an existing VPC, by what is put into them. */
export const awsSubnetsSchema = z.strictObject({
  public: subnets().meta({ description: 'For the load balancer: with a route to an internet gateway.' }),
  app: subnets().meta({ description: 'For tasks: private, with a way out to the internet.' }),
  data: subnets().meta({ description: 'For database, search, cache and queue: private.' }),
});

/** The VPC that agentctl makes. */
export const awsNetworkSchema = z.strictObject({
  cidr: patternedText(/^(?:\d{1,3}\.){3}\d{1,3}\/(?:1[6-9]|20)$/, 'an IPv4 range from /16 to /20, such as 10.0.0.0/16')
    .prefault('10.0.0.0/16')
    .meta({ description: 'Addresses of the VPC.' }),
  zones: z.literal([2, 3]).prefault(3).meta({ description: 'Availability zones.' }),
  nat: oneOf(['regional', 'per-zone', 'single', 'none']).prefault('regional').meta({
    description:
      'How tasks reach the internet. `regional`: a NAT gateway that AWS spreads over all zones. `per-zone`: one in each. `single`: one for all, the cheapest. `none`: not at all.',
  }),
  endpoints: oneOf(['gateway', 'full']).optional().meta({
    description:
      'How tasks reach AWS. `gateway`: through NAT, and S3 by its free gateway. `full`: registry, logs, secrets and keys by interface endpoints, which cost by the hour and zone. Default: `gateway`; `full` with `nat: none`.',
  }),
});

/** The VPC that agentctl makes. */
export type AwsNetworkSpec = z.output<typeof awsNetworkSchema>;

import * as client from '@aws-sdk/client-ec2';
import type { FakeService } from '../../fake-service.js';
import { cloudFormationState } from '../cloudformation/cloudformation-state.js';

/** What stacks have made of networks, as far as it is counted. */
export const ec2: FakeService = {
  name: 'ec2',
  protocol: 'ec2',
  client,
  operations: (world) => {
    const idsOf = (type: string): readonly string[] =>
      [...world.state(cloudFormationState).stacks.values()].flatMap(({ resources }) =>
        [...resources.values()].filter((each) => each.type === type).map(({ physicalId }) => physicalId ?? ''),
      );
    return {
      DescribeVpcs: (): Partial<client.DescribeVpcsCommandOutput> => ({
        Vpcs: idsOf('AWS::EC2::VPC').map((VpcId) => ({ VpcId, State: 'available' })),
      }),
      DescribeAddresses: (): Partial<client.DescribeAddressesCommandOutput> => ({
        Addresses: idsOf('AWS::EC2::EIP').map((PublicIp) => ({ PublicIp, Domain: 'vpc' })),
      }),
    };
  },
};

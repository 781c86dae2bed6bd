import { expect, test } from 'vitest';
import { parseNetworkGateway } from '../../../../cli/supervisor/containers/network-gateway.js';

test.each([
  ['[{"IPAM":{"Config":[{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}]}}]', '172.18.0.1'],
  ['[{"IPAM":{"Config":[{"Gateway":"fd00::1"},{"Gateway":"10.89.0.1"}]}}]', '10.89.0.1'],
  ['[{"subnets":[{"subnet":"10.89.0.0/24","gateway":"10.89.0.1"}]}]', '10.89.0.1'],
  ['[{"IPAM":{"Config":null}}]', undefined],
  ['[]', undefined],
])('the address of this machine in a network: %s', (printed, gateway) => {
  expect(parseNetworkGateway(printed)).toBe(gateway);
});

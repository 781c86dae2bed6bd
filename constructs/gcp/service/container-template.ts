import type { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { containerProblems } from './container-problems.js';
import type { ContainerProps } from './container-props.js';

/** Name of the container that does the work. */
export const mainContainer = 'app';

/** What services, workers and jobs say about their container; gives its identity access to every secret in it. */
export function containerTemplate(scope: Construct, props: ContainerProps) {
  assertProps(scope, containerProblems(props));
  const { image, command, environment = {}, cpu = 1, memoryMiB = 2048, identity } = props;
  const env = Object.entries(environment).map(([name, value]) => {
    if (typeof value === 'string') return { name, value };
    identity.grantSecret(value.secret);
    return { name, valueSource: { secretKeyRef: { secret: value.secret, version: value.version } } };
  });
  return {
    name: mainContainer,
    image,
    ...(command === undefined ? {} : { args: [...command] }),
    ...(env.length === 0 ? {} : { env }),
    resources: { limits: { cpu: String(cpu), memory: `${memoryMiB}Mi` } },
  };
}

/** Into the VPC for private addresses, straight to the internet for all others. */
export function vpcAccess({ network }: ContainerProps) {
  return {
    egress: 'PRIVATE_RANGES_ONLY',
    networkInterfaces: [{ network: network.networkId, subnetwork: network.runSubnetworkId }],
  };
}

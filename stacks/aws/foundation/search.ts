import { OpenSearchDomain, SearchAlarms } from '../../../constructs/aws/index.js';
import { generatedUser } from '../environment.js';
import { generatedSecretName } from '../naming.js';
import { searchSize, searchVersion } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The search domain; undefined when the agent has none, or one that runs elsewhere. */
export function foundationSearch(parts: FoundationParts): OpenSearchDomain | undefined {
  const { stack, context, network, key, taskSecurityGroup, topic } = parts;
  const { spec, scope } = context;
  const { search } = spec;
  const size = searchSize(spec);
  if (search?.kind !== 'managed' || size === undefined) return undefined;

  const version = searchVersion(search.version);
  const domain = new OpenSearchDomain(stack, 'Search', {
    vpc: network.vpc,
    vpcSubnets: network.dataSubnets,
    encryptionKey: key,
    access: { kind: 'password', secretName: generatedSecretName(scope, 'search'), username: generatedUser },
    ...(version === undefined ? {} : { version }),
    dataNodes: search.nodes,
    instanceType: size.instanceType,
    storageGiB: size.storageGiB,
    dedicatedMasters: size.masterInstanceType !== undefined,
    ...(size.masterInstanceType === undefined ? {} : { masterInstanceType: size.masterInstanceType }),
  });
  domain.connections.allowDefaultPortFrom(taskSecurityGroup, 'Tasks');
  new SearchAlarms(stack, 'SearchAlarms', {
    topic,
    domainName: domain.domainName,
    storageGiB: size.storageGiB,
    nodes: domain.nodes,
  });
  return domain;
}

import * as iam from 'aws-cdk-lib/aws-iam';
import { OpenSearchDomain, SearchAlarms } from '../../../constructs/aws/index.js';
import { hasSignedSearch } from '../../spec/index.js';
import { generatedUser } from '../environment.js';
import { generatedSecretName } from '../naming.js';
import { searchSize, searchVersion } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The search domain, and the role that its clients sign with when they do not log in. */
export interface FoundationSearch {
  readonly domain: OpenSearchDomain;
  /** The role of every task of the stage, the master user of the domain; undefined when clients have a password. */
  readonly role: iam.Role | undefined;
}

/** The search domain; undefined when the agent has none, or one that runs elsewhere. */
export function foundationSearch(parts: FoundationParts): FoundationSearch | undefined {
  const { stack, context, network, key, taskSecurityGroup, topic } = parts;
  const { spec, scope } = context;
  const { search } = spec;
  const size = searchSize(spec);
  if (search?.kind !== 'managed' || size === undefined) return undefined;

  const version = searchVersion(search.version);
  const role = hasSignedSearch(spec)
    ? new iam.Role(stack, 'SearchRole', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') })
    : undefined;
  const domain = new OpenSearchDomain(stack, 'Search', {
    vpc: network.vpc,
    vpcSubnets: network.dataSubnets,
    encryptionKey: key,
    access:
      role === undefined
        ? { kind: 'password', secretName: generatedSecretName(scope, 'search'), username: generatedUser }
        : { kind: 'roles', masterRole: role, clientRoles: [] },
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
  return { domain, role };
}

import { type BackupBucket, OpenSearchCluster, SearchAlerts, WorkloadIdentity } from '../../../constructs/gcp/index.js';
import { generatedUser } from '../environment.js';
import { accountId, type GeneratedPart, generatedSecretName, privateZone } from '../naming.js';
import { searchSize, searchVersion } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The search cluster; undefined when the agent has none, or one that runs elsewhere. */
export function foundationSearch(
  { stack, context, name, network, channels }: FoundationParts,
  bucket: BackupBucket,
): OpenSearchCluster | undefined {
  const { spec, scope, gcp } = context;
  const size = searchSize(spec);
  if (spec.search?.kind !== 'managed' || size === undefined) return undefined;
  const { project, region } = gcp;
  const version = searchVersion(spec.search.version);
  const secret = (part: GeneratedPart) => {
    const named = generatedSecretName(scope, part);
    return { secret: named, version: context.versionOf(named) };
  };
  const clusterName = `${name}-search`;
  const cluster = new OpenSearchCluster(stack, 'Search', {
    project,
    region,
    network,
    name: clusterName,
    identity: new WorkloadIdentity(stack, 'SearchIdentity', { project, accountId: accountId(scope, 'search') }),
    secrets: {
      password: secret('search'),
      caCertificate: secret('search-ca'),
      nodeCertificate: secret('search-node'),
      nodeKey: secret('search-key'),
    },
    bucket,
    zoneName: privateZone(scope),
    username: generatedUser,
    ...(version === undefined ? {} : { version }),
    ...size,
    deletionProtection: context.protect,
  });
  new SearchAlerts(stack, 'SearchAlerts', { clusterName, channels });
  return cluster;
}

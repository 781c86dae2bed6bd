interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/**
 * What CloudFormation leaves, or refuses to delete, and `destroy --delete-data` takes away. The key and the vault stay: the
 * backups that stay need them. Databases are deleted on their own, with their snapshots.
 */
const taken: ReadonlySet<string> = new Set([
  'AWS::AmazonMQ::Broker',
  'AWS::EC2::SecurityGroup',
  'AWS::ECR::Repository',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::ElastiCache::SubnetGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::Logs::LogGroup',
  'AWS::OpenSearchService::Domain',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::SQS::Queue',
]);

/** CloudFormation changes no deletion policy unless something else changes too (user guide, "DeletionPolicy attribute"). */
const marker = 'DataMayGo';
const change = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'agentctl destroy --delete-data' } };

/** Pure: the template with which a stack lets go of what it protects; undefined when it is not a template. */
export function unprotectedTemplate(template: unknown): object | undefined {
  if (!isTemplate(template)) return undefined;
  const resources = Object.entries(template.Resources).map(([id, resource]) => [id, unprotected(resource)] as const);
  return {
    ...template,
    Resources: { ...Object.fromEntries(resources), [marker]: change },
  };
}

function unprotected(resource: Resource): Resource {
  if (!taken.has(resource.Type)) return resource;
  const free = { ...resource, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };
  return resource.Type === 'AWS::ElasticLoadBalancingV2::LoadBalancer'
    ? { ...free, Properties: { ...resource.Properties, LoadBalancerAttributes: openAttributes(resource) } }
    : free;
}

function openAttributes({ Properties }: Resource): readonly unknown[] {
  const { LoadBalancerAttributes: attributes } = Properties ?? {};
  const others = Array.isArray(attributes) ? attributes.filter((one) => !isProtection(one)) : [];
  return [...others, { Key: 'deletion_protection.enabled', Value: 'false' }];
}

function isProtection(attribute: unknown): boolean {
  return isObject(attribute) && attribute['Key'] === 'deletion_protection.enabled';
}

function isTemplate(value: unknown): value is { readonly Resources: Readonly<Record<string, Resource>> } {
  return isObject(value) && isObject(value['Resources']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

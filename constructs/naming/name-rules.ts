/** What a cloud accepts as the name of one kind of resource. */
export interface NameRule {
  /** Characters. */
  readonly maximum: number;
  /** Put between the parts of a name; empty where the cloud allows letters and digits only. */
  readonly separator: '-' | '_' | '';
  /** The vendor's page. */
  readonly source: string;
}

/** Limits of resources whose names are short enough to be in the way. */
export const nameRules = {
  'aws-load-balancer': {
    maximum: 32,
    separator: '-',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html',
  },
  'aws-target-group': {
    maximum: 32,
    separator: '-',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html',
  },
  'aws-rds-instance': {
    maximum: 63,
    separator: '-',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html',
  },
  'gcp-cloud-run-service': {
    maximum: 49,
    separator: '-',
    source: 'https://cloud.google.com/run/docs/deploying#service',
  },
  'gcp-service-account': {
    maximum: 30,
    separator: '-',
    source: 'https://cloud.google.com/iam/docs/service-accounts-create',
  },
  // With the project and a colon 98, and replicas have ten more.
  'gcp-cloud-sql': {
    maximum: 57,
    separator: '-',
    source: 'https://cloud.google.com/sql/docs/postgres/instance-settings',
  },
  'gcp-memorystore': {
    maximum: 40,
    separator: '-',
    source: 'https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances/create',
  },
  'gcp-artifact-registry': {
    maximum: 63,
    separator: '-',
    source: 'https://cloud.google.com/artifact-registry/docs/repositories/create-repos',
  },
  // Its bucket of access logs has five more.
  'gcp-bucket': {
    maximum: 58,
    separator: '-',
    source: 'https://cloud.google.com/storage/docs/buckets#naming',
  },
  // What is named by it has up to 30 more, such as `-stream-worker-next`, and 63 in all.
  'gcp-prefix': {
    maximum: 32,
    separator: '-',
    source: 'https://cloud.google.com/compute/docs/naming-resources',
  },
  'azure-container-registry': {
    maximum: 50,
    separator: '',
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules',
  },
  'azure-key-vault': {
    maximum: 24,
    separator: '-',
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules',
  },
  'azure-storage-account': {
    maximum: 24,
    separator: '',
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules',
  },
  'kubernetes-label': {
    maximum: 63,
    separator: '-',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names',
  },
} as const satisfies Readonly<Record<string, NameRule>>;

/** A kind of resource whose name is limited. */
export type NamedResource = keyof typeof nameRules;

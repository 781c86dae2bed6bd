export {
  capabilityMatrixMarkdown,
  capabilityNotes,
  capabilityNotesMarkdown,
  columnOf,
  columns,
  columnTitles,
  features,
  supportOf,
  unsupportedProblems,
  type CapabilityNote,
  type Column,
  type FeatureKey,
  type Support,
} from './capabilities/index.js';
export { postgresClass, searchType } from './aws-machines.js';
export { buildSecretNames, containerSecrets } from './container-secrets.js';
export { sizeRefusal, type SizeRefusal } from './offered-sizes.js';
export { connectionLimit, poolerConnections, reservedConnections, serverConnections } from './connection-limits.js';
export { cloudRunSize, type CloudRunSize, isCloudRunSize, largestCloudRunSize } from './cloud-run-size.js';
export {
  type CloudSqlEdition,
  cloudSqlEdition,
  longestRecoveryDays,
  recoveryDays,
  tierProblem,
} from './cloud-sql-tier.js';
export { fargateSize, type FargateSize, isFargateSize, largestFargateSize } from './fargate-size.js';
export { imageSourceOf, imageSources, sharedImage } from './image-sources.js';
export { isImageReference } from './image-reference.js';
export { parseSpec, type ParseContext, type ParsedSpec } from './parse-spec.js';
export { formatPath, type SpecPath, type SpecProblem } from './problem.js';
export { problemCodes, type SpecProblemCode } from './problem-codes.js';
export {
  isSecretReference,
  isSecretTemplate,
  plainReferences,
  secretNamesIn,
  sectionReferences,
  type ReferencedSection,
} from './references.js';
export { workloadsOf, type PlacedWorkload } from './rules/workloads-of.js';
export { hasSignedSearch } from './search-access.js';
export { agentSchema, type AgentSpec } from './schema/agent.js';
export type { CacheSpec } from './schema/cache.js';
export type { AwsSpec } from './schema/clouds/aws.js';
export type { AzureSpec } from './schema/clouds/azure.js';
export type { GcpSpec } from './schema/clouds/gcp.js';
export type { CloudsSpec } from './schema/clouds/index.js';
export type { KubernetesSpec } from './schema/clouds/kubernetes.js';
export { localSchema, type LocalSpec } from './schema/clouds/local.js';
export type { DomainSpec } from './schema/domain.js';
export { parseDuration, type Duration } from './schema/duration.js';
export type { HealthSpec, ProbeSpec } from './schema/health.js';
export type { ImageSpec, Platform } from './schema/image.js';
export type { MigrationSpec } from './schema/migrations.js';
export type { ObservabilitySpec } from './schema/observability.js';
export type { ManagedPostgresSpec, PostgresSpec } from './schema/postgres.js';
export { formatQuantity, parseQuantity, type Quantity } from './schema/quantity.js';
export type { QueueSpec } from './schema/queue.js';
export type { ScaleSpec } from './schema/scale.js';
export type { ScheduleSpec } from './schema/schedule.js';
export type { SearchSpec } from './schema/search.js';
export type { ServiceSpec } from './schema/service.js';
export type { SizeSpec } from './schema/size.js';
export { acceptsFractionAt, allowedKeysAt } from './schema-at.js';
export { containsToken, containsUrlPassword, isSecretName, looksLikeSecret, secretsMasked } from './secret-shapes.js';
export { targetKinds, targetTitles, type TargetKind } from './target-kind.js';
export { parseTemplate, referencesIn, resolveTemplate, type TemplatePart } from './template.js';
export { mostValkeyMemory, valkeyNodeType } from './valkey-nodes.js';
export { environmentOf, imageOf, platformOf, type Workload } from './workload.js';

import { resourceName } from '../../constructs/naming/index.js';
import { ledgerKeys, shortHash, type StackKind, type StageScope } from '../stage/stage-scope.js';

export { pascalCase, stackKinds, type StackKind, stackName, type StageScope } from '../stage/stage-scope.js';

/** Parts whose password is made up by agentctl, or by Memorystore, and the certificates of the search nodes. */
export const generatedParts = [
  'postgres',
  'search',
  'cache',
  'queue',
  'search-ca',
  'search-ca-key',
  'search-node',
  'search-key',
] as const;

/** A part with a secret of its own. */
export type GeneratedPart = (typeof generatedParts)[number];

/** Everything of a stage in Secret Manager begins with this: letters, digits and hyphens, as a name may have no slash. */
function prefix({ name, stage }: StageScope): string {
  return `agentctl-${name}-${stage}`;
}

/** The secret that holds what `agentctl secrets set NAME` was given: a plain text. */
export function userSecretName(scope: StageScope, secret: string): string {
  return `${prefix(scope)}-secrets-${secret}`;
}

/** The secret that holds a password or certificate that was made up: a plain text. */
export function generatedSecretName(scope: StageScope, part: GeneratedPart): string {
  return `${prefix(scope)}-generated-${part}`;
}

/** The secret that holds a text put together from secrets and outputs. Another template is another secret. */
export function composedSecretName(scope: StageScope, template: string): string {
  return `${prefix(scope)}-composed-${shortHash(template, 12)}`;
}

/** Whether a secret is one of this stage; the names of another stage may begin as those of this one do. */
export function isSecretOf(scope: StageScope, secret: string): boolean {
  const start = prefix(scope);
  if (!secret.startsWith(`${start}-`)) return false;
  const rest = secret.slice(start.length);
  const isGenerated = generatedParts.some((part) => generatedSecretName(scope, part) === secret);
  return isGenerated || /^-secrets-[A-Za-z0-9_]+$/.test(rest) || /^-composed-[0-9a-f]{12}$/.test(rest);
}

/** What the names of all secrets of a stage begin with, and perhaps of others: see {@link isSecretOf}. */
export function secretPrefix(scope: StageScope): string {
  return `${prefix(scope)}-`;
}

/** Bucket of a project for Terraform’s states, lock and ledger; made by `agentctl bootstrap`. */
export function stateBucketName(project: string): string {
  return `agentctl-state-${project}`;
}

/** Keys in the state bucket. */
export const stateKeys = {
  ...ledgerKeys,
  /** What a configuration was last applied from. */
  applied: ({ name, stage }: StageScope, kind: StackKind): string => `${name}/${stage}/applied/${kind}.json`,
  /** Everything of a stage begins so. */
  stage: ({ name, stage }: StageScope): string => `${name}/${stage}/`,
  /** `prefix` of the GCS backend. */
  terraform: ({ name, stage }: StageScope, kind: StackKind): string => `${name}/${stage}/terraform/${kind}`,
} as const;

/** What the names of parts of the foundation begin with. */
export function foundationName({ name, stage }: StageScope): string {
  return resourceName('gcp-prefix', [name, stage]);
}

/** A service, worker pool or job. */
export function workloadName({ name, stage }: StageScope, workload: string): string {
  return resourceName('gcp-cloud-run-service', [name, stage, workload]);
}

/** A service account; `workload` is a workload or a part of the foundation. */
export function accountId({ name, stage }: StageScope, workload: string): string {
  return resourceName('gcp-service-account', [name, stage, workload]);
}

/** The Cloud SQL instance. The name is taken for a week after it is gone: a stage that comes back has another suffix. */
export function databaseName({ name, stage }: StageScope, suffix?: string): string {
  return resourceName('gcp-cloud-sql', [name, stage, ...(suffix === undefined ? [] : [suffix])]);
}

/** A Memorystore instance. */
export function redisName({ name, stage }: StageScope, part: 'cache' | 'queue'): string {
  return resourceName('gcp-memorystore', [name, stage, part]);
}

/** The repository of everything that is built for a stage. */
export function repositoryName({ name, stage }: StageScope): string {
  return resourceName('gcp-artifact-registry', ['agentctl', name, stage]);
}

/** The bucket of dumps and snapshots; unique in the world by the project. */
export function backupBucketName({ name, stage }: StageScope, project: string): string {
  return resourceName('gcp-bucket', [project, name, stage, 'backups']);
}

/** The private DNS zone of machines: `search.support-agent-production.internal`. */
export function privateZone({ name, stage }: StageScope): string {
  return `${name}-${stage}.internal`;
}

/** The one name of all search nodes, within the VPC. */
export function searchHost(scope: StageScope): string {
  return `search.${privateZone(scope)}`;
}

/** What the certificates of search nodes say they are of; `constructs/gcp/search/node-start.ts` lets them in by it. */
export const searchNodeName = 'agentctl-search-node';

/** What leads to a revision with the tag `candidate`. Not a secret: it keeps those away who do not look for it. */
export function candidateHeader({ name, stage }: StageScope, project: string): { name: string; value: string } {
  return { name: 'x-agentctl-candidate', value: shortHash(`${project}/${name}/${stage}`, 12) };
}

/** `r7-1a2b3c` behind the name of a service: another content is another revision, also of a release that is tried again. */
export function revisionSuffix(release: string, content: unknown): string {
  return `${release}-${shortHash(JSON.stringify(content), 6)}`;
}

/** The variable that Terraform takes the password of the database from, once: `TF_VAR_postgres_password`. */
export const postgresPasswordVariable = 'postgres_password';

/** The role that may export a database for the job of this name. */
export function exporterRoleId(jobName: string): string {
  return `${jobName.replaceAll('-', '_')}_exporter`;
}

import { ledgerKeys, shortHash, type StackKind, type StageScope } from '../stage/stage-scope.js';

export { pascalCase, stackKinds, type StackKind, stackName, type StageScope } from '../stage/stage-scope.js';

/** Parts whose password agentctl makes up. */
export const generatedParts = ['postgres', 'search', 'cache', 'queue'] as const;

/** A part whose password agentctl makes up. */
export type GeneratedPart = (typeof generatedParts)[number];

/**
 * The path of every role and policy of an agent. CloudFormation cuts long names of roles, so a permission on their names would
 * miss some; the path is whole.
 */
export function rolePath(name: string): string {
  return `/agentctl/${name}/`;
}

/** The ECR repository of everything that is built for a stage. */
export function repositoryName({ name, stage }: StageScope): string {
  return `agentctl/${name}/${stage}`;
}

/** Everything of a stage in Secrets Manager and Parameter Store begins with this. */
function prefix({ name, stage }: StageScope): string {
  return `agentctl/${name}/${stage}`;
}

/** The secret that holds what `agentctl secrets set NAME` was given: a plain text. */
export function userSecretName(scope: StageScope, secret: string): string {
  return `${prefix(scope)}/secrets/${secret}`;
}

/** The secret that holds a password agentctl made up: JSON with `username` and `password`. */
export function generatedSecretName(scope: StageScope, part: GeneratedPart): string {
  return `${prefix(scope)}/generated/${part}`;
}

/** The secret that holds a text put together from secrets and outputs. Another template is another secret. */
export function composedSecretName(scope: StageScope, template: string): string {
  return `${prefix(scope)}/composed/${shortHash(template, 12)}`;
}

/** The secret that says whom the pooler lets in: the text of PgBouncer's `auth_file`. */
export function poolerUsersSecretName(scope: StageScope): string {
  return `${prefix(scope)}/composed/pooler-users`;
}

/** The parameter that holds a plain variable. Another value template is another parameter, so that old tasks keep theirs. */
export function parameterName(scope: StageScope, stack: StackKind, variable: string, template: string): string {
  return `/${prefix(scope)}/${stack}/${variable}/${shortHash(template, 8)}`;
}

/** The ECS service of a service; the names of its deployment alarms begin with it. */
export function ecsServiceName({ name, stage }: StageScope, service: string): string {
  return `${name}-${stage}-${service}`;
}

/** The private DNS zone in which services find each other: `http://api.support-agent-production.internal:8000`. */
export function privateZone({ name, stage }: StageScope): string {
  return `${name}-${stage}.internal`;
}

/** The state bucket of an account and region; without arguments as CloudFormation writes it. */
export function stateBucketName(account = '${AWS::AccountId}', region = '${AWS::Region}'): string {
  return `agentctl-state-${account}-${region}`;
}

/** Keys in the state bucket. */
export const stateKeys = {
  /** Synthesized templates and other assets. */
  templates: 'templates/',
  ...ledgerKeys,
} as const;

/** What `agentctl bootstrap` makes once per account and region. */
export const bootstrapNames = {
  stack: 'agentctl-bootstrap',
  keyAlias: 'alias/agentctl',
  stateBucketExport: 'agentctl-state-bucket',
  keyArnExport: 'agentctl-key-arn',
} as const;

import { createHash } from 'node:crypto';

/** The agent and the stage that everything of a deploy is named after. */
export interface StageScope {
  readonly name: string;
  readonly stage: string;
}

/** Parts whose password agentctl makes up. */
export const generatedParts = ['postgres', 'search', 'cache', 'queue'] as const;

/** A part whose password agentctl makes up. */
export type GeneratedPart = (typeof generatedParts)[number];

/** The three stacks of a stage, in the order they are deployed. */
export const stackKinds = ['foundation', 'migrations', 'service'] as const;

/** One of the three stacks of a stage. */
export type StackKind = (typeof stackKinds)[number];

/** `support-agent-production-foundation`: at most 24 + 16 + 12 characters; CloudFormation allows 128. */
export function stackName({ name, stage }: StageScope, kind: StackKind): string {
  return `${name}-${stage}-${kind}`;
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
  lock: ({ name, stage }: StageScope): string => `${name}/${stage}/lock.json`,
  releases: ({ name, stage }: StageScope): string => `${name}/${stage}/releases/`,
  release: (scope: StageScope, id: string): string => `${stateKeys.releases(scope)}${id}.json`,
} as const;

/** What `agentctl bootstrap` makes once per account and region. */
export const bootstrapNames = {
  stack: 'agentctl-bootstrap',
  keyAlias: 'alias/agentctl',
  stateBucketExport: 'agentctl-state-bucket',
  keyArnExport: 'agentctl-key-arn',
} as const;

/** `stream-worker` as part of a logical id or output: `StreamWorker`. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join('');
}

function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

import { createHash } from 'node:crypto';

/** The agent and the stage that everything of a deploy is named after. */
export interface StageScope {
  readonly name: string;
  readonly stage: string;
}

/** The three stacks of a stage, in the order they are deployed. */
export const stackKinds = ['foundation', 'migrations', 'service'] as const;

/** One of the three stacks of a stage. */
export type StackKind = (typeof stackKinds)[number];

/** `support-agent-production-foundation`: at most 24 + 16 + 12 characters. */
export function stackName({ name, stage }: StageScope, kind: StackKind): string {
  return `${name}-${stage}-${kind}`;
}

/** Where lock and ledger of a stage are in a state bucket. */
export const ledgerKeys = {
  lock: ({ name, stage }: StageScope): string => `${name}/${stage}/lock.json`,
  releases: ({ name, stage }: StageScope): string => `${name}/${stage}/releases/`,
  release: (scope: StageScope, id: string): string => `${ledgerKeys.releases(scope)}${id}.json`,
} as const;

/** `stream-worker` as part of a logical id or output: `StreamWorker`. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join('');
}

/** The first hexadecimal digits of a hash: tells texts apart in names. */
export function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

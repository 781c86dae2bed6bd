import { hostname, userInfo } from 'node:os';
import { type StackKind, stackKinds, stackName } from '../../../stacks/aws/naming.js';
import { AgentctlError } from '../../errors.js';
import type { SecretState } from '../../tools/aws/secrets/secret-tools.js';
import type { StackState } from '../../tools/aws/stacks/stack-tools.js';
import type { PlanIdentity } from '../target.js';
import type { AwsStageFacts } from './aws-facts.js';
import type { AwsTargetOptions } from './aws-target-options.js';
import type { StageTools } from './open-stage-tools.js';
import { hasServed } from './serving-release.js';

/**
 * Reads what is on AWS of a stage. Changes nothing.
 *
 * @param expected - names of secrets that may have been made a moment ago
 * @throws EnvironmentNotReady: the region was not bootstrapped; StateUnreadable for a damaged record of what serves
 */
export async function stageFacts(
  { name, stage, flags }: Pick<AwsTargetOptions, 'name' | 'stage' | 'flags'>,
  tools: StageTools,
  { runId, madeAt }: PlanIdentity,
  signal: AbortSignal,
  expected: readonly string[] = [],
): Promise<AwsStageFacts> {
  const scope = { name, stage };
  await assertBootstrapped(tools, flags, signal);
  const [records, damaged, stacks, secrets] = await Promise.all([
    tools.ledger.list(),
    tools.ledger.damaged(),
    stackStates(scope, tools, signal),
    secretStates(scope, expected, tools, signal),
  ]);
  const newest = [...records, ...damaged].map(({ id }) => Number(id.slice(1)));
  const inTheWay = damaged.find(({ id }) => hasServed(stacks.service) && Number(id.slice(1)) === Math.max(...newest));
  if (inTheWay !== undefined) throw inTheWay.problem;
  return {
    scope,
    records,
    damaged,
    stacks,
    versions: new Map(secrets.flatMap(({ name: secret, version }) => (version === null ? [] : [[secret, version]]))),
    pending: new Set(secrets.flatMap(({ name: secret, pending }) => (pending === null ? [] : [secret]))),
    user: userInfo().username,
    host: hostname(),
    now: madeAt,
    runId,
  };
}

/** Asked one by one: a list does not show what has changed within the last minutes (Secrets Manager API, ListSecrets). */
async function secretStates(
  { name, stage }: AwsStageFacts['scope'],
  expected: readonly string[],
  { aws }: StageTools,
  signal: AbortSignal,
): Promise<readonly SecretState[]> {
  const listed = await aws.secrets.list(`agentctl/${name}/${stage}/`, signal);
  const names = new Set([...listed.map((secret) => secret.name), ...expected]);
  const states = await Promise.all([...names].map(async (secret) => await aws.secrets.state(secret, signal)));
  return states.filter((state) => state !== undefined);
}

/** @throws EnvironmentNotReady */
export async function assertBootstrapped(tools: StageTools, flags: string, signal: AbortSignal): Promise<void> {
  const { region, accountId } = await tools.aws.account.identity(signal);
  if (await tools.aws.state.exists(signal)) return;
  throw new AgentctlError(
    'EnvironmentNotReady',
    `account ${accountId} was not prepared in ${region}: it has no state bucket`,
    {
      fix: `once per account and region: agentctl bootstrap ${flags}`,
    },
  );
}

/** The stacks of a stage, as far as there are any. */
export async function stackStates(
  scope: AwsStageFacts['scope'],
  { aws }: Pick<StageTools, 'aws'>,
  signal: AbortSignal,
): Promise<Partial<Record<StackKind, StackState>>> {
  const found = await Promise.all(
    stackKinds.map(async (kind) => [kind, await aws.stacks.state(stackName(scope, kind), signal)] as const),
  );
  return Object.fromEntries(found.filter(([, state]) => state !== undefined));
}

import { hostname, userInfo } from 'node:os';
import { type StackKind, stackKinds, stateKeys } from '../../../stacks/gcp/naming.js';
import { shortHash } from '../../../stacks/stage/stage-scope.js';
import { AgentctlError } from '../../errors.js';
import { outputTexts } from '../../steps/gcp/deploy-configuration.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import { newestEnabled } from '../../tools/gcp/secrets/open-secrets.js';
import type { SecretVersion } from '../../tools/gcp/secrets/secret-tools.js';
import type { PlanIdentity } from '../target.js';
import { appliedRequests } from './applied-requests.js';
import type { GcpStageFacts, StageOutputs } from './gcp-facts.js';
import type { GcpTargetOptions } from './gcp-target-options.js';
import type { StageTools } from './open-stage-tools.js';

/** What a revision answers is counted once a minute, and seen up to two minutes later (Google Cloud metrics, run). */
const defaultBakeSeconds = 240;

/**
 * Reads what is on Google Cloud of a stage. Changes nothing.
 *
 * @param secrets - names in Secret Manager whose versions the plan is about
 * @throws EnvironmentNotReady: the project was not bootstrapped; StateUnreadable for a damaged record of what serves
 */
export async function stageFacts(
  { name, stage, flags, project, environment }: GcpTargetOptions,
  tools: StageTools,
  { runId, madeAt }: PlanIdentity,
  signal: AbortSignal,
  secrets: readonly string[] = [],
): Promise<GcpStageFacts> {
  const scope = { name, stage };
  await assertBootstrapped(tools, flags, signal);
  const [records, damaged, outputs, { foundation: applied }, versions] = await Promise.all([
    tools.ledger.list(),
    tools.ledger.damaged(),
    stageOutputs(scope, tools, signal),
    appliedRequests(scope, tools, signal, ['foundation']),
    Promise.all(secrets.map(async (secret) => [secret, await tools.gcp.secrets.versions(secret, signal)] as const)),
  ]);
  const newest = Math.max(...[...records, ...damaged].map(({ id }) => Number(id.slice(1))));
  const inTheWay = damaged.find(({ id }) => outputs.service !== undefined && Number(id.slice(1)) === newest);
  if (inTheWay !== undefined) throw inTheWay.problem;
  return {
    scope,
    project,
    records,
    damaged,
    outputs,
    // A stage that begins anew: the name that its database would have may be blocked for a week.
    databaseSuffix: applied?.databaseSuffix ?? (isNew(applied, outputs) ? shortHash(runId, 4) : undefined),
    versions: versionsBy(versions, newestEnabled),
    lastVersions: versionsBy(versions, ([newest]) => newest?.version),
    bakeSeconds: secondsIn(environment['AGENTCTL_GCP_BAKE_SECONDS']),
    user: userInfo().username,
    host: hostname(),
    now: madeAt,
    runId,
  };
}

/** Outputs of the configurations of a stage, as far as there are any. */
export async function stageOutputs(
  scope: GcpStageFacts['scope'],
  { gcp }: Pick<StageTools, 'gcp'>,
  signal: AbortSignal,
): Promise<StageOutputs> {
  const found = await Promise.all(
    stackKinds.map(async (kind): Promise<readonly [StackKind, Record<string, string>] | undefined> => {
      const outputs = await gcp.state.terraformOutputs(stateKeys.terraform(scope, kind), signal);
      return outputs === undefined ? undefined : [kind, outputTexts(outputs)];
    }),
  );
  return Object.fromEntries(found.filter((one) => one !== undefined));
}

/** @throws EnvironmentNotReady */
export async function assertBootstrapped(
  tools: Pick<StageTools, 'gcp'>,
  flags: string,
  signal: AbortSignal,
): Promise<void> {
  if (await tools.gcp.state.exists(signal)) return;
  throw new AgentctlError(
    'EnvironmentNotReady',
    `the project was not prepared: it has no state bucket ${tools.gcp.state.bucketName}`,
    { fix: `once per project: agentctl bootstrap ${flags}` },
  );
}

function versionsBy(
  secrets: readonly (readonly [string, readonly SecretVersion[]])[],
  chosen: (newestFirst: readonly SecretVersion[]) => string | undefined,
): ReadonlyMap<string, string> {
  const found = secrets.map(([secret, versions]) => [secret, chosen(versions)] as const);
  return new Map(found.flatMap(([secret, version]) => (version === undefined ? [] : [[secret, version]])));
}

function isNew(applied: StageRequest | undefined, { foundation }: StageOutputs): boolean {
  return applied === undefined && foundation === undefined;
}

function secondsIn(text: string | undefined): number {
  const seconds = Number(text ?? '');
  return text !== undefined && text !== '' && seconds >= 0 ? seconds : defaultBakeSeconds;
}

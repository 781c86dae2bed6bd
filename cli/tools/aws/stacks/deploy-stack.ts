import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { AgentctlError, isAgentctlError, messageOf } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName, awsFailure } from '../clients/aws-failure.js';
import { loadPackage } from '../clients/load-package.js';
import type { ServiceTools } from '../services/service-tools.js';
import { changeSetName, discardChangeSet } from './discard-change-set.js';
import { type FailedServices, failedServices } from './failed-services.js';
import { readStack } from './read-stack.js';
import { repairStack } from './repair-stack.js';
import { leftRunning, settleStack } from './settle-stack.js';
import { stackFailed } from './stack-failure.js';
import { stackCondition } from './stack-status.js';
import type { DeployedStack, DeployStackOptions, StackState, TemplateChanges } from './stack-tools.js';
import { changesIn, refusedChanges } from './template-changes.js';
import { toolkitDetail } from './toolkit-detail.js';
import { type ToolkitHost, toolkitHost } from './toolkit-host.js';
import { watchShifts } from './watch-shifts.js';

/** What a deploy asks, and how often. */
export interface DeployWorld {
  readonly clients: AwsClients;
  readonly services: ServiceTools;
  readonly pollSeconds: number;
  /** Types of resources that hold data. */
  readonly statefulTypes: ReadonlySet<string>;
}

/** Deploys one stack of an assembly; see StackTools. */
export async function deployStack(world: DeployWorld, options: DeployStackOptions): Promise<DeployedStack> {
  const { shifting } = options;
  if (shifting === undefined) return await deployUnwatched(world, options);
  const end = watchShifts(world.services, shifting, options, world.pollSeconds);
  try {
    return await deployUnwatched(world, options);
  } finally {
    await end();
  }
}

async function deployUnwatched(world: DeployWorld, options: DeployStackOptions): Promise<DeployedStack> {
  const { clients, services, pollSeconds } = world;
  const { stack, signal } = options;
  const before = await repairStack(clients, stack, options, pollSeconds);
  let refusal: AgentctlError | undefined;
  const failed = failedServices(services, signal);
  const decide = (diff: TemplateDiff): boolean => {
    refusal = before === undefined ? undefined : refusalOf(stack, changesIn(diff, world.statefulTypes), options);
    return refusal === undefined;
  };
  const host = toolkitHost(options, decide, failed.onFailure);
  try {
    await deployWithToolkit(clients, options, host, pollSeconds).catch(async (error: unknown) => {
      // The change set is there, and the answer was lost: the toolkit removes one of that name before it makes one.
      if (awsErrorName(rootCause(error)) !== 'AlreadyExistsException') throw error;
      await deployWithToolkit(clients, options, host, pollSeconds);
    });
  } catch (error) {
    if (refusal !== undefined) {
      await discardChangeSet(clients, stack);
      throw refusal;
    }
    if (signal.aborted) throw await interrupted(clients, stack, error);
    return await outcomeAfter(error, before, { ...world, options, host, failed });
  }
  const state = await readStack(clients, stack, signal);
  if (state === undefined) throw stackFailed(stack, undefined, host.failures, []);
  return { changed: hasChanged(before, state), state };
}

async function deployWithToolkit(
  clients: AwsClients,
  { assembly, stack }: DeployStackOptions,
  host: ToolkitHost,
  pollSeconds: number,
): Promise<void> {
  const { BaseCredentials, ExpandStackSelection, StackSelectionStrategy, Toolkit } = await loadPackage(
    '@aws-cdk/toolkit-lib',
    () => import('@aws-cdk/toolkit-lib'),
  );
  const toolkit = new Toolkit({
    ioHost: host,
    color: false,
    emojis: false,
    sdkConfig: {
      baseCredentials: BaseCredentials.custom({
        provider: await clients.credentials(),
        region: await clients.region(),
      }),
    },
  });
  const source = await toolkit.fromAssemblyDirectory(assembly);
  await toolkit.deploy(source, {
    stacks: {
      strategy: StackSelectionStrategy.PATTERN_MUST_MATCH_SINGLE,
      patterns: [stack],
      expand: ExpandStackSelection.NONE,
    },
    deploymentMethod: { method: 'change-set', changeSetName },
    stackEventPollingInterval: pollSeconds * 1000,
  });
}

/**
 * The toolkit gave up. That says how the stack is only when CloudFormation agrees: an answer that was lost, or a network
 * that was away for a while, ends the toolkit and not what CloudFormation does.
 */
async function outcomeAfter(
  error: unknown,
  before: StackState | undefined,
  world: DeployWorld & {
    readonly options: DeployStackOptions;
    readonly host: ToolkitHost;
    readonly failed: FailedServices;
  },
): Promise<DeployedStack> {
  const { clients, options, host, failed, pollSeconds } = world;
  const { stack } = options;
  const known = rootCause(error);
  const ended = await settleStack(clients, stack, options, pollSeconds, failed.onFailure);
  const { state } = ended;
  const failures = host.failures.length > 0 ? host.failures : ended.failures;
  if (state !== undefined && hasChanged(before, state) && failures.length === 0) {
    if (stackCondition(state.status) === 'done') return { changed: true, state };
  }
  const hasBegun = state !== undefined && hasChanged(before, state) && stackCondition(state.status) !== 'in-review';
  if (!hasBegun && failures.length === 0) {
    await discardChangeSet(clients, stack);
    throw notBegun(stack, known, error instanceof Error && error.name === 'AssetPublishFailed');
  }
  const found = await failed.found();
  // The toolkit says the same of a service, with less of it.
  const detail = found.length > 0 ? found : toolkitDetail([messageOf(known), ...host.diagnosis]);
  throw stackFailed(stack, state, failures, detail, error);
}

/** What the toolkit wrapped, down to the error that has no cause; of several that were thrown together, the first. */
function rootCause(error: unknown): unknown {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error instanceof Error && error.cause;
  return cause instanceof Error ? rootCause(cause) : error;
}

function notBegun(stack: string, error: unknown, isUpload: boolean): unknown {
  const call = isUpload
    ? { service: 's3', operation: `PutObject or ListBucket in the state bucket, where the template of ${stack} goes` }
    : { service: 'cloudformation', operation: `deploy of stack ${stack}` };
  const failure = awsFailure(error, call);
  if (isAgentctlError(failure) && failure.code === 'ToolFailed' && !failure.retryable) {
    return new AgentctlError(
      'StepFailed',
      `stack ${stack} could not be deployed: ${toolkitDetail([messageOf(error)]).join('\n')}`,
      {
        fix: 'correct what is named above, and run it again',
        cause: error,
      },
    );
  }
  return failure;
}

/** A stack is another one, or was changed after it was looked at. */
function hasChanged(before: StackState | undefined, after: StackState): boolean {
  return before === undefined || before.id !== after.id || before.changedAt !== after.changedAt;
}

async function interrupted(clients: AwsClients, stack: string, cause: unknown): Promise<unknown> {
  const state = await readStack(clients, stack, AbortSignal.timeout(5_000)).catch(() => undefined);
  if (state !== undefined) return leftRunning(state, cause);
  return new AgentctlError('Interrupted', `interrupted before stack ${stack} was deployed`, {
    fix: 'go on where it is: agentctl resume',
    cause,
  });
}

function refusalOf(stack: string, changes: TemplateChanges, options: DeployStackOptions): AgentctlError | undefined {
  const { always, unlessConfirmed } = refusedChanges(changes, options);
  const [first] = always;
  if (first !== undefined) {
    const verb = changes.removed.includes(first) ? 'remove' : 'replace';
    return new AgentctlError(
      'Refused',
      `stack ${stack} would ${verb} ${first.logicalId} (${first.type}), and its data`,
      {
        fix: `undo the change in agentctl.yaml; or, if that data may go: --allow-replace ${first.logicalId}`,
        detail: always
          .map(({ logicalId, type, properties }) => `${logicalId} (${type}) ${properties.join(', ')}`)
          .join('\n'),
      },
    );
  }
  if (unlessConfirmed.length === 0) return undefined;
  return new AgentctlError('Refused', `stack ${stack} would permit more, or take something away`, {
    fix: 'look at what is named above, and pass --yes if it is meant',
    detail: unlessConfirmed.join('\n'),
  });
}

import { randomUUID } from 'node:crypto';
import { messageOf } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { readStack } from '../stacks/read-stack.js';
import { repairStack } from '../stacks/repair-stack.js';
import { settleStack } from '../stacks/settle-stack.js';
import { stackFailed } from '../stacks/stack-failure.js';
import { stackCondition } from '../stacks/stack-status.js';
import type { DeployedStack } from '../stacks/stack-tools.js';
import type { BootstrapOptions, BootstrapTools } from './bootstrap-tools.js';

/** Name of the stack. */
export const bootstrapStack = 'agentctl-bootstrap';

const githubIssuer = 'oidc-provider/token.actions.githubusercontent.com';

/** Opens {@link BootstrapTools}. */
export function openBootstrap(clients: AwsClients, pollSeconds: number): BootstrapTools {
  return {
    async version(signal) {
      const state = await readStack(clients, bootstrapStack, signal);
      const version = Number(state?.outputs['Version']);
      return state === undefined || Number.isNaN(version) ? undefined : version;
    },
    current: async (signal) => await readStack(clients, bootstrapStack, signal),
    async githubProvider(abortSignal) {
      const iam = await clients.iam();
      const { OpenIDConnectProviderList = [] } = await iam.listOpenIDConnectProviders({}, { abortSignal });
      return OpenIDConnectProviderList.map(({ Arn = '' }) => Arn).find((arn) => arn.endsWith(githubIssuer));
    },
    deploy: async (options) => await deployBootstrap(clients, options, pollSeconds),
  };
}

/** Without a change set and without the bucket for templates, which it is to make. */
async function deployBootstrap(
  clients: AwsClients,
  { template, parameters, ...run }: BootstrapOptions,
  pollSeconds: number,
): Promise<DeployedStack> {
  const { signal: abortSignal } = run;
  const cloudFormation = await clients.cloudFormation();
  const before = await repairStack(clients, bootstrapStack, run, pollSeconds);
  const declared = parametersOf(template);
  const kept = Object.keys(before?.parameters ?? {}).filter(
    (name) => parameters[name] === undefined && declared.includes(name),
  );
  const input = {
    StackName: bootstrapStack,
    TemplateBody: template,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    Parameters: [
      ...Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    ],
    Tags: [{ Key: 'agentctl', Value: 'bootstrap' }],
    ClientRequestToken: randomUUID(),
  };
  try {
    if (before === undefined) {
      await cloudFormation.createStack({ ...input, EnableTerminationProtection: true }, { abortSignal });
    } else {
      await cloudFormation.updateStack(input, { abortSignal });
    }
  } catch (error) {
    if (before !== undefined && isUnchanged(error)) return { changed: false, state: before };
    // Created, and the answer was lost.
    if (before !== undefined || awsErrorName(error) !== 'AlreadyExistsException') throw error;
  }
  const { state, failures } = await settleStack(clients, bootstrapStack, run, pollSeconds);
  if (state === undefined || stackCondition(state.status) !== 'done') {
    throw stackFailed(bootstrapStack, state, failures, []);
  }
  return { changed: true, state };
}

/** Names of the parameters that a template declares. */
function parametersOf(template: string): readonly string[] {
  const { Parameters = {} }: { Parameters?: Readonly<Record<string, unknown>> } = JSON.parse(template);
  return Object.keys(Parameters);
}

/** CloudFormation has no code of its own for that. */
function isUnchanged(error: unknown): boolean {
  return awsErrorName(error) === 'ValidationError' && /no updates are to be performed/i.test(messageOf(error));
}

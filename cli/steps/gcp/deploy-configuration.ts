import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { generatedSecretName, postgresPasswordVariable, stackName, stateKeys } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type {
  DeployedTerraform,
  TaintedResource,
  TerraformOutputs,
  TerraformStack,
} from '../../tools/terraform/index.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stackKind, stackOutputs, stageRequest, type StageRequest } from './stage-request.js';

const inputs = z.strictObject({
  stack: stackKind,
  request: stageRequest,
  /** Addresses of resources with data that may be replaced or removed. */
  allowReplace: z.array(z.string()),
  /**
   * What was there before; null: nothing that may go. What the request no longer has stays, as services use it until they are
   * rolled out; `isDue`: that has happened, and it goes, whatever protects it.
   */
  leaving: z.strictObject({ request: stageRequest, isDue: z.boolean() }).nullable(),
});

type Leaving = NonNullable<z.output<typeof inputs>['leaving']>;

/** What every step that applies a configuration yields. */
export const deployedOutputs = z.strictObject({
  outputs: stackOutputs,
  /** Of the foundation: where images are pushed; empty for the others. */
  repository: z.string(),
  changed: z.boolean(),
});

const titles = {
  foundation: 'deploy the foundation: network, data, registry, public address',
  migrations: 'deploy the jobs of the migrations',
  service: 'make the revisions of the services',
} as const;

/**
 * Brings one configuration to what the request says. What it makes of a service is a revision that serves nobody. A step that
 * was cut short is run again: Terraform is waited for when it is still at it, and what is as it should be is left alone.
 */
export const deployConfiguration = defineStep<GcpStepTools>()({
  kind: 'deploy-configuration',
  inputs,
  outputs: deployedOutputs,
  describe: ({ stack, request, leaving }) => {
    if (leaving !== null && 'isDue' in leaving && leaving.isDue === true)
      return `remove from the ${show(stack)} what nothing uses any more`;
    const title = typeof stack === 'string' ? titles[stack] : 'apply a configuration';
    const release = 'release' in request ? request.release : null;
    return stack === 'service' && release !== null ? `${title} of ${show(release)}` : title;
  },
  async run({ stack, request, allowReplace, leaving }, context) {
    const { tools, signal, log } = context;
    const scope = { name: request.spec.name, stage: request.stage };
    // Before: what was only begun has to be taken away as well.
    await tools.gcp.state.objects.write(stateKeys.applied(scope, stack), JSON.stringify(request), signal);
    const place = await terraformStack(stack, request, context);
    const deploy = async (one: TerraformStack) =>
      await tools.terraform.deploy({
        stack: one,
        allowWidening: true,
        allowReplace,
        unusable: async (resource: TaintedResource) => await unusableDatabase(resource, context),
        signal,
        log,
      });
    const { changed, outputs } = leaving === null ? await deploy(place) : await deployWith(place, leaving);
    if (!changed) log(`${stackName(scope, stack)} is as it should be`);
    const texts = outputTexts(outputs);
    return { outputs: texts, repository: texts['RepositoryUri'] ?? '', changed };

    async function deployWith(after: TerraformStack, { request: before, isDue }: Leaving): Promise<DeployedTerraform> {
      const protect = before.protect && !isDue;
      const former = await terraformStack(stack, { ...before, protect }, context);
      const variables = { ...former.variables, ...after.variables };
      const configurations = { before: former.configuration, after: after.configuration };
      const united = await tools.synth.united(configurations, async (configuration, isMore) =>
        isMore ? await deploy({ name: after.name, configuration, variables }) : undefined,
      );
      // The provider destroys nothing that its state says is protected: that was changed first.
      if (united === undefined || isDue) return await deploy(after);
      return united;
    }
  },
});

/** An instance of Cloud SQL whose creation failed or was cut short may be on its way still, or never come up. */
async function unusableDatabase(
  { type, name }: TaintedResource,
  { tools, signal }: StepContext<GcpStepTools>,
): Promise<string | undefined> {
  if (type !== 'google_sql_database_instance' || name === null) return undefined;
  const found = await tools.gcp.database.state(name, signal);
  // One that is gone is made anew.
  if (found === undefined || found.state === 'RUNNABLE') return undefined;
  return `the instance ${name} is ${found.state}, not RUNNABLE`;
}

/** The synthesized configuration, with the one value that Terraform has to know: the password of the database. */
export async function terraformStack(
  stack: z.output<typeof stackKind>,
  request: StageRequest,
  { tools, signal }: Pick<StepContext<Pick<GcpStepTools, 'gcp' | 'synth'>>, 'tools' | 'signal'>,
): Promise<TerraformStack> {
  const scope = { name: request.spec.name, stage: request.stage };
  const { directory } = await tools.synth.assembly(request, signal);
  const configuration = join(directory, 'stacks', stackName(scope, stack));
  if (stack !== 'foundation' || request.spec.postgres?.kind !== 'managed') return { name: stack, configuration };
  const secret = generatedSecretName(scope, 'postgres');
  const found = await tools.gcp.secrets.read(secret, signal, request.secretVersions[secret]);
  // What goes away needs a value for its variable, and uses it for nothing.
  const password = found ?? (request.protect ? undefined : randomUUID());
  if (password === undefined) {
    throw new AgentctlError('SecretMissing', `the password of the database, ${secret}, is gone`, {
      fix: 'enable its version again in Secret Manager, then deploy again',
    });
  }
  return { name: stack, configuration, variables: { [postgresPasswordVariable]: password } };
}

/** Pure: outputs as texts; those that have no value are left out. */
export function outputTexts(outputs: TerraformOutputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => {
      if (value === null || value === undefined) return [];
      return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}

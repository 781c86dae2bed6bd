import { join } from 'node:path';
import * as z from 'zod';
import { generatedSecretName, postgresPasswordVariable, stackName } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { TaintedResource, TerraformOutputs, TerraformStack } from '../../tools/terraform/index.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stackKind, stackOutputs, stageRequest, type StageRequest } from './stage-request.js';

const inputs = z.strictObject({
  stack: stackKind,
  request: stageRequest,
  /** Addresses of resources with data that may be replaced or removed. */
  allowReplace: z.array(z.string()),
});

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
  describe: ({ stack, request }) => {
    const title = typeof stack === 'string' ? titles[stack] : 'apply a configuration';
    const release = 'release' in request ? request.release : null;
    return stack === 'service' && release !== null ? `${title} of ${show(release)}` : title;
  },
  async run({ stack, request, allowReplace }, context) {
    const { tools, signal, log } = context;
    const options = {
      stack: await terraformStack(stack, request, context),
      allowWidening: true,
      allowReplace,
      unusable: async (resource: TaintedResource) => await unusableDatabase(resource, context),
    };
    const { changed, outputs } = await tools.terraform.deploy({ ...options, signal, log });
    if (!changed) log(`${stackName({ name: request.spec.name, stage: request.stage }, stack)} is as it should be`);
    const texts = outputTexts(outputs);
    return { outputs: texts, repository: texts['RepositoryUri'] ?? '', changed };
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
  const password = await tools.gcp.secrets.read(secret, signal, request.secretVersions[secret]);
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

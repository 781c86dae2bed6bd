import * as z from 'zod';
import { composedText } from '../../../stacks/aws/environment.js';
import { databaseLoginOf } from '../../../stacks/aws/generated-secrets.js';
import { type GeneratedPart, generatedParts, generatedSecretName, userSecretName } from '../../../stacks/aws/naming.js';
import { AgentctlError } from '../../errors.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { tagsOf } from './ensure-secrets.js';
import { secretsMarker } from './secrets-marker.js';
import { stackOutputs, stageScope } from './stage-request.js';

const inputs = z.strictObject({
  scope: stageScope,
  composed: z.array(z.strictObject({ name: z.string(), template: z.string() })),
  /** Names in `secrets:` whose values containers get. */
  userSecrets: z.array(z.string()),
  parts: z.array(z.enum(generatedParts)),
  /** Of the foundation stack. */
  outputs: stackOutputs,
});

/**
 * Puts together the texts that hold a secret and something else, and says by one hash which values are current: a release
 * with another one rolls out again.
 */
export const composeSecrets = defineStep<AwsStepTools>()({
  kind: 'compose-secrets',
  inputs,
  outputs: z.strictObject({ marker: z.string(), written: z.int() }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ composed }) => {
    const count = Array.isArray(composed) ? composed.length : 0;
    return count === 0 ? 'look up the versions of the secrets' : `compose ${count} secret${count === 1 ? '' : 's'}`;
  },
  async run(request, context) {
    const { tools, signal, log } = context;
    const { scope, composed, userSecrets, parts } = request;
    const values = await valuesOf(request, context);
    let written = 0;
    for (const { name, template } of composed) {
      const value = composedText(template, values);
      if ((await tools.aws.secrets.read(name, signal)) === value) continue;
      await tools.aws.secrets.put({ name, value, tags: tagsOf(scope) }, signal);
      written += 1;
    }
    if (written > 0) log(`${written} of ${composed.length} written`);
    const used = [
      ...userSecrets.map((secret) => userSecretName(scope, secret)),
      ...parts.map((part) => generatedSecretName(scope, part)),
      ...composed.map(({ name }) => name),
    ];
    // Not from a list, which may be minutes old (Secrets Manager API, ListSecrets).
    const states = used.map(
      async (name) => [name, (await tools.aws.secrets.state(name, signal))?.version ?? null] as const,
    );
    const versions = new Map(await Promise.all(states));
    return { marker: secretsMarker(used, versions), written };
  },
});

async function valuesOf(
  { scope, composed, userSecrets, parts, outputs }: z.output<typeof inputs>,
  { tools, signal }: StepContext<AwsStepTools>,
): Promise<Parameters<typeof composedText>[1]> {
  const templates = composed.map(({ template }) => template).join('\n');
  const secrets: Record<string, string> = {};
  for (const secret of userSecrets.filter((name) => templates.includes(`secrets.${name}`))) {
    secrets[secret] = await valueOf(userSecretName(scope, secret), secret);
  }
  const passwords: Partial<Record<GeneratedPart, string>> = {};
  for (const part of parts.filter((name) => templates.includes(`generated.${name}`))) {
    passwords[part] = generated.parse(JSON.parse(await valueOf(generatedSecretName(scope, part), part))).password;
  }
  if (!templates.includes('generated.postgres.pooledUser')) return { outputs, secrets, passwords };
  const { pooledUser } = databaseLoginOf(await valueOf(generatedSecretName(scope, 'postgres'), 'postgres'));
  return { outputs, secrets, passwords, pooledUser };

  async function valueOf(name: string, shown: string): Promise<string> {
    const value = await tools.aws.secrets.read(name, signal);
    if (value !== undefined) return value;
    throw new AgentctlError('SecretMissing', `no value is set for ${shown}`, {
      fix: `set it with \`agentctl secrets set ${shown}\`, then deploy again`,
    });
  }
}

const generated = z.object({ password: z.string() });

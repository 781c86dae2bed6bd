import * as z from 'zod';
import { composedText } from '../../../stacks/gcp/environment.js';
import { type GeneratedPart, generatedParts, generatedSecretName, userSecretName } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { labelsOf } from './ensure-secrets.js';
import { secretVersions, stackOutputs, stageScope } from './stage-request.js';

const inputs = z.strictObject({
  scope: stageScope,
  composed: z.array(z.strictObject({ name: z.string(), template: z.string() })),
  /** Names in `secrets:` whose values containers get. */
  userSecrets: z.array(z.string()),
  /** Every part with a secret of its own. */
  parts: z.array(z.enum(generatedParts)),
  /** Of those, the ones whose password Memorystore has made up, with the output that names their instance. */
  madeByMemorystore: z.partialRecord(z.enum(generatedParts), z.string()),
  /** Of the foundation. */
  outputs: stackOutputs,
});

/**
 * Puts together the texts that hold a secret and something else, and says which version of each secret the release gets.
 * A release keeps its versions: another one is another revision.
 */
export const composeSecrets = defineStep<GcpStepTools>()({
  kind: 'compose-secrets',
  inputs,
  outputs: z.strictObject({ versions: secretVersions }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ composed }) => {
    const count = Array.isArray(composed) ? composed.length : 0;
    return count === 0 ? 'look up the versions of the secrets' : `compose ${count} secret${count === 1 ? '' : 's'}`;
  },
  async run(request, context) {
    const { tools, signal } = context;
    const { scope, composed, userSecrets, parts } = request;
    const labels = labelsOf(scope);
    const versions: Record<string, string> = {};
    for (const [part, name] of memorystoreParts(request)) {
      const instance = request.outputs[name];
      if (instance === undefined) throw new Error(`the foundation has no output ${name}`);
      const value = await tools.gcp.redis.password(instance, signal);
      const secret = generatedSecretName(scope, part);
      versions[secret] = await tools.gcp.secrets.put({ name: secret, value, labels }, signal);
    }
    const values = await valuesOf(request, context);
    for (const { name, template } of composed) {
      versions[name] = await tools.gcp.secrets.put({ name, value: composedText(template, values), labels }, signal);
    }
    const others = [
      ...userSecrets.map((secret) => ({ name: userSecretName(scope, secret), shown: secret })),
      ...parts.map((part) => ({ name: generatedSecretName(scope, part), shown: part })),
    ].filter(({ name }) => versions[name] === undefined);
    const found = others.map(async ({ name, shown }) => {
      const version = await tools.gcp.secrets.current(name, signal);
      if (version === undefined) throw missing(shown);
      return [name, version] as const;
    });
    return { versions: { ...versions, ...Object.fromEntries(await Promise.all(found)) } };
  },
});

function memorystoreParts({
  madeByMemorystore,
}: z.output<typeof inputs>): readonly (readonly [GeneratedPart, string])[] {
  return generatedParts.flatMap((part) => {
    const output = madeByMemorystore[part];
    return output === undefined ? [] : [[part, output] as const];
  });
}

async function valuesOf(
  { scope, composed, userSecrets, parts, outputs }: z.output<typeof inputs>,
  { tools, signal }: StepContext<GcpStepTools>,
): Promise<Parameters<typeof composedText>[1]> {
  const templates = composed.map(({ template }) => template).join('\n');
  const secrets: Record<string, string> = {};
  for (const secret of userSecrets.filter((name) => templates.includes(`secrets.${name}`))) {
    secrets[secret] = await valueOf(userSecretName(scope, secret), secret);
  }
  const passwords: Partial<Record<GeneratedPart, string>> = {};
  for (const part of parts.filter((name) => templates.includes(`generated.${name}.`))) {
    passwords[part] = await valueOf(generatedSecretName(scope, part), part);
  }
  return { outputs, secrets, passwords };

  async function valueOf(name: string, shown: string): Promise<string> {
    const value = await tools.gcp.secrets.read(name, signal);
    if (value === undefined) throw missing(shown);
    return value;
  }
}

function missing(shown: string): AgentctlError {
  return new AgentctlError('SecretMissing', `no value is set for ${shown}`, {
    fix: `set it with \`agentctl secrets set ${shown}\`, then deploy again`,
  });
}

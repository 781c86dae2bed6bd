import * as z from 'zod';
import { databaseLoginOf } from '../../../stacks/aws/generated-secrets.js';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';

/** Which version of which secret a database gets its password from. */
export const passwordInputs = z.strictObject({
  secret: z.string(),
  /** In Secrets Manager. */
  name: z.string(),
  /** Of the secret. */
  version: z.string(),
  /** Of RDS. */
  instance: z.string(),
});

/**
 * Gives the database the password that waits in its secret, then makes that the current one. Connections stay open; a new
 * one with the password of before is turned away. The template says no more than where the password is, so it stays true.
 */
export const changePassword = defineStep<AwsStepTools>()({
  kind: 'change-password',
  inputs: passwordInputs,
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `give the database a new password (${show(secret)})`,
  async run(wanted, context) {
    await setPassword(wanted, context);
    await context.tools.aws.secrets.promote(wanted.name, wanted.version, context.signal);
    return {};
  },
});

/** Gives the database the password in a version of its secret. */
export async function setPassword(
  { secret, name, version, instance }: z.output<typeof passwordInputs>,
  { tools, signal, log }: StepContext<AwsStepTools>,
): Promise<void> {
  const text = await tools.aws.secrets.read(name, signal, version);
  if (text === undefined) {
    throw new AgentctlError('SecretMissing', `the secret ${name} has no version ${version} any more`, {
      fix: `make a new one: agentctl secrets rotate ${secret}`,
    });
  }
  await tools.aws.database.setPassword(instance, databaseLoginOf(text).password, { signal, log });
}

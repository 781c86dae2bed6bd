import * as z from 'zod';
import {
  databaseLoginOf,
  generatedPassword,
  generatedSecretText,
  passwordBytes,
  poolerUsersText,
} from '../../../stacks/aws/generated-secrets.js';
import { generatedParts, generatedSecretName, poolerUsersSecretName } from '../../../stacks/aws/naming.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stageScope } from './stage-request.js';

/** Makes up the passwords of the data, once: a stack that refers to one that is not there cannot be created. */
export const ensureSecrets = defineStep<AwsStepTools>()({
  kind: 'ensure-secrets',
  inputs: z.strictObject({
    scope: stageScope,
    parts: z.array(z.enum(generatedParts)),
    /** Whether clients of the database go through a pooler, which has to know whom to let in. */
    pooler: z.boolean(),
  }),
  outputs: z.strictObject({ secrets: z.array(z.string()) }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ parts }) =>
    `make sure that there is a password for ${Array.isArray(parts) ? parts.join(', ') : 'the data'}`,
  async run({ scope, parts, pooler }, { tools, signal }) {
    const secrets: string[] = [];
    for (const part of parts) {
      const name = generatedSecretName(scope, part);
      const value = (): string => generatedSecretText(part, generatedPassword(tools.random(passwordBytes)));
      await tools.aws.secrets.ensure({ name, value, tags: tagsOf(scope) }, signal);
      secrets.push(name);
    }
    if (pooler) {
      const name = poolerUsersSecretName(scope);
      const login = await tools.aws.secrets.read(generatedSecretName(scope, 'postgres'), signal);
      const value = (): string => poolerUsersText(databaseLoginOf(login ?? ''));
      await tools.aws.secrets.ensure({ name, value, tags: tagsOf(scope) }, signal);
      secrets.push(name);
    }
    return { secrets };
  },
});

/** What says whose a secret is. */
export function tagsOf({ name, stage }: z.output<typeof stageScope>): Record<string, string> {
  return { 'agentctl:name': name, 'agentctl:stage': stage };
}

import * as z from 'zod';
import { generatedPassword, passwordBytes } from '../../../stacks/stage/generated-password.js';
import { generatedParts, generatedSecretName } from '../../../stacks/gcp/naming.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { secretVersions, stageScope } from './stage-request.js';

/** Makes up the passwords of the data, once: a configuration that refers to one that is not there cannot be applied. */
export const ensureSecrets = defineStep<GcpStepTools>()({
  kind: 'ensure-secrets',
  inputs: z.strictObject({ scope: stageScope, parts: z.array(z.enum(generatedParts)) }),
  outputs: z.strictObject({ versions: secretVersions }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ parts }) =>
    `make sure that there is a password for ${Array.isArray(parts) ? parts.join(', ') : 'the data'}`,
  async run({ scope, parts }, { tools, signal }) {
    const versions: Record<string, string> = {};
    for (const part of parts) {
      const name = generatedSecretName(scope, part);
      const value = (): string => generatedPassword(tools.random(passwordBytes));
      versions[name] = await tools.gcp.secrets.ensure({ name, value, labels: labelsOf(scope) }, signal);
    }
    return { versions };
  },
});

/** What says whose a secret or job is. */
export function labelsOf({ name, stage }: z.output<typeof stageScope>): Record<string, string> {
  return { 'agentctl-name': name, 'agentctl-stage': stage };
}

import * as z from 'zod';
import { generatedPassword, passwordBytes } from '../../../stacks/stage/generated-password.js';
import { certificateParts } from '../../../stacks/gcp/generated-secrets.js';
import { type GeneratedPart, generatedParts, generatedSecretName } from '../../../stacks/gcp/naming.js';
import { defineStep } from '../../plan/step.js';
import { ensureCertificates } from './ensure-certificates.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { secretVersions, stageScope } from './stage-request.js';

/** Makes up the passwords of the data, once, and certificates: a configuration that refers to one that is not there cannot be applied. */
export const ensureSecrets = defineStep<GcpStepTools>()({
  kind: 'ensure-secrets',
  inputs: z.strictObject({ scope: stageScope, parts: z.array(z.enum(generatedParts)) }),
  outputs: z.strictObject({ versions: secretVersions }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ parts }) => {
    const all: readonly GeneratedPart[] = Array.isArray(parts) ? parts : [];
    const passwords = all.filter((part) => !isCertificate(part)).join(', ');
    return `make sure that there is a password for ${passwords}${all.some(isCertificate) ? ', and certificates for search' : ''}`;
  },
  async run({ scope, parts }, context) {
    const { tools, signal } = context;
    const versions = parts.some(isCertificate) ? await ensureCertificates(scope, labelsOf(scope), context) : {};
    for (const part of parts.filter((one) => !isCertificate(one))) {
      const name = generatedSecretName(scope, part);
      const value = (): string => generatedPassword(tools.random(passwordBytes));
      versions[name] = await tools.gcp.secrets.ensure({ name, value, labels: labelsOf(scope) }, signal);
    }
    return { versions };
  },
});

function isCertificate(part: GeneratedPart): boolean {
  return certificateParts.some((one) => one === part);
}

/** What says whose a secret or job is. */
export function labelsOf({ name, stage }: z.output<typeof stageScope>): Record<string, string> {
  return { 'agentctl-name': name, 'agentctl-stage': stage };
}

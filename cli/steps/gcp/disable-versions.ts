import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';

/** Recovery: has the value from before a rotation be the one that the next release gets. */
export const disableVersions = defineStep<GcpStepTools>()({
  kind: 'disable-versions',
  inputs: z.strictObject({
    secret: z.string(),
    /** In Secret Manager. */
    name: z.string(),
    /** The version before the rotation: newer ones are disabled. */
    before: z.string(),
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `put the former value of ${show(secret)} back`,
  async run(wanted, context) {
    await disableNewer(wanted, context);
    return {};
  },
});

/** Takes all versions of a secret out of use that are newer than one. */
export async function disableNewer(
  { name, before }: { readonly name: string; readonly before: string },
  { tools, signal }: Pick<StepContext<GcpStepTools>, 'tools' | 'signal'>,
): Promise<void> {
  const versions = await tools.gcp.secrets.versions(name, signal);
  for (const { version } of versions.filter((one) => Number(one.version) > Number(before))) {
    await tools.gcp.secrets.disable(name, version, signal);
  }
}

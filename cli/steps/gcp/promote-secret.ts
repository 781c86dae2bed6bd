import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';

/** Has the value that a rotation has added be the one that the next release gets, also when a way back has put it aside. */
export const promoteSecret = defineStep<GcpStepTools>()({
  kind: 'promote-secret',
  inputs: z.strictObject({
    secret: z.string(),
    /** In Secret Manager. */
    name: z.string(),
    /** The newest version before the rotation, whatever its state. */
    last: z.string(),
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `bring the new value of ${show(secret)} into use`,
  async run(wanted, context) {
    await enableNewest(wanted, context);
    return {};
  },
});

/** Brings the newest version of a secret into use if it is newer than one; the same value again has added none. */
export async function enableNewest(
  { name, last }: { readonly name: string; readonly last: string },
  { tools, signal }: Pick<StepContext<GcpStepTools>, 'tools' | 'signal'>,
): Promise<void> {
  const [newest] = await tools.gcp.secrets.versions(name, signal);
  if (newest === undefined || Number(newest.version) <= Number(last)) return;
  if (newest.state === 'DISABLED') await tools.gcp.secrets.enable(name, newest.version, signal);
}

import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { releaseManifest } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';
import { startRelease } from './start-release.js';

/** Recovery: makes the previous release the one that serves, starting it again if it was stopped meanwhile. */
export const returnTraffic = defineStep<LocalTools>()({
  kind: 'return-traffic',
  inputs: z.strictObject({ manifest: releaseManifest }),
  outputs: z.strictObject({ url: z.string() }),
  describe: ({ manifest }) => `return to ${'id' in manifest ? show(manifest.id) : 'the previous release'}`,
  async run({ manifest }, context) {
    const { tools, signal } = context;
    const supervisor = await tools.supervisor(signal);
    const { url, servingRelease } = await supervisor.status({ signal });
    if (servingRelease === manifest.id && url !== null) return { url };
    const previous = await supervisor.release(manifest.id, { signal });
    if (previous?.state !== 'ready') await startRelease.run(manifest, context);
    const switched = await supervisor.switchTraffic({ release: manifest.id }, { signal });
    const answer = await tools.probe(switched.url, signal);
    if (answer.kind === 'unreachable' || answer.release !== manifest.id) {
      throw new AgentctlError('StepFailed', `release ${manifest.id} does not answer on ${switched.url}`, {
        fix: 'deploy a release that is known to work',
      });
    }
    return switched;
  },
});

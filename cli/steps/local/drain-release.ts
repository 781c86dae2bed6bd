import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { ReleaseStatus } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';

const pollSeconds = 0.2;

/** Lets a release that gets no new requests finish the open ones, then stops it. */
export const drainRelease = defineStep<LocalTools>()({
  kind: 'drain-release',
  inputs: z.strictObject({ release: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ release }) => `drain and stop ${show(release)}`,
  async run({ release }, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    if ((await supervisor.release(release, { signal })) === undefined) return {};
    await supervisor.drainRelease(release, { signal });
    let said = '';
    for (;;) {
      const status = await supervisor.release(release, { signal });
      if (status === undefined || status.state === 'stopped') return {};
      const progress = describeProgress(status);
      if (progress !== said) log(progress);
      said = progress;
      await tools.sleep(pollSeconds, signal);
    }
  },
});

function describeProgress({ id, services }: ReleaseStatus): string {
  const replicas = services.flatMap((service) => service.replicas);
  const open = replicas.reduce((sum, replica) => sum + replica.inFlight, 0);
  const left = replicas.filter((replica) => replica.state !== 'stopped').length;
  return `${id}: ${open} open ${open === 1 ? 'request' : 'requests'}, ${left} ${left === 1 ? 'replica' : 'replicas'} left`;
}

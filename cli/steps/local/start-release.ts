import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { defineStep } from '../../plan/step.js';
import { releaseManifest, type ReleaseStatus } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';
import { tailText } from './tail-text.js';

const pollSeconds = 0.1;

/** Starts a release beside what serves, and waits until every replica is ready. Moves no traffic. */
export const startRelease = defineStep<LocalTools>()({
  kind: 'start-release',
  inputs: releaseManifest,
  outputs: z.strictObject({ release: z.string() }),
  describe: ({ services }) => `start ${describeServices(services)}`,
  async run(manifest, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    await supervisor.putRelease(manifest, { signal });
    let said = '';
    for (;;) {
      const status = await supervisor.release(manifest.id, { signal });
      if (status === undefined) throw gone(manifest.id);
      if (status.state === 'ready') return { release: manifest.id };
      if (status.state !== 'starting') throw notHealthy(status);
      const progress = describeProgress(status);
      if (progress !== said) log(progress);
      said = progress;
      await tools.sleep(pollSeconds, signal);
    }
  },
});

function describeServices(services: unknown): string {
  if (!Array.isArray(services)) return 'the release';
  return services
    .map(({ name, replicas }: { name: string; replicas: number }) => (replicas === 1 ? name : `${name} × ${replicas}`))
    .join(', ');
}

function describeProgress({ services }: ReleaseStatus): string {
  return services
    .map(({ name, desired, replicas }) => {
      const ready = replicas.filter((replica) => replica.state === 'ready').length;
      return `${name} ${ready}/${desired} ready`;
    })
    .join(', ');
}

function notHealthy({ problem }: ReleaseStatus): AgentctlError {
  const reason = problem?.reason ?? 'a replica did not become ready';
  return new AgentctlError('StepFailed', `the new release is not healthy: ${reason}`, {
    fix: 'mend what its last log lines name and deploy again',
    detail: tailText(problem?.logTail ?? []),
  });
}

function gone(id: string): AgentctlError {
  return new AgentctlError('StepFailed', `release ${id} is no longer there: the local supervisor was restarted`, {
    fix: 'deploy again',
  });
}

import { z } from 'zod';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { ReleaseStatus } from '../../supervisor/protocol.js';
import type { LocalTools, ProbeAnswer } from './local-tools.js';
import { tailText } from './tail-text.js';

const pollSeconds = 0.2;

const check = z.strictObject({
  service: z.string(),
  /** Path behind the public address. */
  path: z.string(),
  /** Whether the path is the service's own readiness check (any answer under 500 does for other paths). */
  readiness: z.boolean(),
});
type Check = z.output<typeof check>;

/** Proves through the public URL that the requested release answers and is healthy, and keeps watching for a while. */
export const verifyRelease = defineStep<LocalTools>()({
  kind: 'verify-release',
  inputs: z.strictObject({ release: z.string(), checks: z.array(check), bakeSeconds: z.number() }),
  outputs: z.strictObject({ url: z.string() }),
  describe: ({ release, bakeSeconds }) =>
    `verify that ${show(release)} serves${bakeSeconds === 0 ? '' : ` for ${show(bakeSeconds)} s`}`,
  async run({ release, checks, bakeSeconds }, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    const rounds = Math.max(1, Math.ceil(bakeSeconds / pollSeconds));
    for (let round = 0; ;) {
      const { url, servingRelease, releases } = await supervisor.status({ signal });
      if (url === null || servingRelease !== release) throw notServing(release, servingRelease);
      const unhealthy = problemOf(releases.find((candidate) => candidate.id === release));
      if (unhealthy !== undefined) throw failed(release, unhealthy.reason, unhealthy.logTail);
      const base = url;
      for (const path of checks) await proveAnswer(base, path, release, tools, signal);
      round += 1;
      if (round >= rounds) {
        log(`${release} answers on ${base}`);
        return { url: base };
      }
      await tools.sleep(pollSeconds, signal);
    }
  },
});

async function proveAnswer(
  base: string,
  { service, path, readiness }: Check,
  release: string,
  tools: LocalTools,
  signal: AbortSignal,
): Promise<void> {
  const answer = await tools.probe(new URL(path, base).href, signal);
  const reason = whyNotProven(answer, release, readiness);
  if (reason !== undefined) throw failed(release, `GET ${path} (${service}) ${reason}`, []);
}

/** Pure: what is wrong with an answer; undefined when it proves the release. */
export function whyNotProven(answer: ProbeAnswer, release: string, readiness: boolean): string | undefined {
  if (answer.kind === 'unreachable') return `did not answer: ${answer.reason}`;
  if (answer.release !== release) return `was answered by release ${answer.release ?? 'unknown'}`;
  const good = readiness ? answer.status < 400 : answer.status < 500;
  return good ? undefined : `answered ${answer.status}: ${answer.body.slice(0, 200)}`;
}

function problemOf(status: ReleaseStatus | undefined): { reason: string; logTail: readonly string[] } | undefined {
  if (status === undefined) return { reason: 'it is gone', logTail: [] };
  if (status.problem !== undefined) return status.problem;
  const replicas = status.services.flatMap((service) => service.replicas);
  const crashed = replicas.find((replica) => replica.restarts > 0 || replica.state !== 'ready');
  if (crashed === undefined) return undefined;
  const exit = crashed.lastExit === null ? '' : ` (${crashed.lastExit})`;
  return { reason: `${crashed.name} is ${crashed.state} after ${crashed.restarts} restarts${exit}`, logTail: [] };
}

function notServing(release: string, serving: string | null): AgentctlError {
  return new AgentctlError('StepFailed', `${serving ?? 'nothing'} serves instead of ${release}`, {
    fix: 'deploy again; see `agentctl status`',
  });
}

function failed(release: string, reason: string, logTail: readonly string[]): AgentctlError {
  return new AgentctlError('StepFailed', `release ${release} does not hold: ${reason}`, {
    fix: 'look at `agentctl logs`, mend what it shows and deploy again',
    ...(logTail.length === 0 ? {} : { detail: tailText(logTail) }),
  });
}

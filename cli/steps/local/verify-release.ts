import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { SupervisorClient } from '../../supervisor/client.js';
import type { SupervisorStatus } from '../../supervisor/protocol.js';
import type { LocalTools, ProbeAnswer } from './local-tools.js';
import { tailText } from './tail-text.js';

const pollSeconds = 0.2;
/** The longest pause between two starts of a server is 30 s. */
const dataWithinSeconds = 45;
/** Log lines shown when a release does not hold. */
const shownLines = 30;

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
    await dataRunning(supervisor, tools, signal);
    const rounds = Math.max(1, Math.ceil(bakeSeconds / pollSeconds));
    let before: ReadonlyMap<string, number> | undefined;
    for (let round = 1; ; round++) {
      const status = await supervisor.status({ signal });
      // What was restarted long ago and is ready since says nothing about now.
      before ??= restartsOf(status, release);
      const problem =
        problemOf(status, release, before) ?? (await unprovenCheck(status.url ?? '', checks, release, tools, signal));
      if (problem !== undefined) throw await notHolding(release, problem, tools);
      if (round >= rounds) {
        log(`${release} answers on ${status.url}`);
        return { url: status.url ?? '' };
      }
      await tools.sleep(pollSeconds, signal);
    }
  },
});

/** A database that has just died is on its way back, and many an agent answers its health check without one. */
async function dataRunning(supervisor: SupervisorClient, tools: LocalTools, signal: AbortSignal): Promise<void> {
  for (let waited = 0; ; waited += pollSeconds) {
    const { postgres, redis, servers } = await supervisor.status({ signal });
    const down = [
      ...(postgres === null || postgres.state === 'running' ? [] : ['PostgreSQL']),
      ...(redis === null || redis.state === 'running' ? [] : ['Redis']),
      ...servers.filter(({ state }) => state !== 'running').map(({ name }) => name),
    ];
    if (down.length === 0) return;
    if (waited >= dataWithinSeconds) {
      throw new AgentctlError('StepFailed', `${down.join(' and ')} did not come back within ${dataWithinSeconds} s`, {
        fix: 'read why in the logs: agentctl logs postgres',
      });
    }
    await tools.sleep(pollSeconds, signal);
  }
}

async function unprovenCheck(
  base: string,
  checks: readonly Check[],
  release: string,
  tools: LocalTools,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { service, path, readiness } of checks) {
    const answer = await tools.probe(new URL(path, base).href, signal);
    const reason = whyNotProven(answer, release, readiness);
    if (reason !== undefined) return `GET ${path} (${service}) ${reason}`;
  }
  return undefined;
}

/** Pure: what is wrong with an answer; undefined when it proves the release. */
function whyNotProven(answer: ProbeAnswer, release: string, readiness: boolean): string | undefined {
  if (answer.kind === 'unreachable') return `did not answer: ${answer.reason}`;
  if (answer.release !== release) return `was answered by release ${answer.release ?? 'unknown'}`;
  const good = readiness ? answer.status < 400 : answer.status < 500;
  return good ? undefined : `answered ${answer.status}: ${answer.body.slice(0, 200)}`;
}

/** Pure: how often each replica of the release has been restarted. */
function restartsOf({ releases }: SupervisorStatus, release: string): ReadonlyMap<string, number> {
  const services = releases.find(({ id }) => id === release)?.services ?? [];
  return new Map(services.flatMap(({ replicas }) => replicas.map(({ name, restarts }) => [name, restarts] as const)));
}

/** Pure: what the supervisor knows to be wrong with the release. `before`: restarts that are not held against it. */
function problemOf(
  { url, servingRelease, releases }: SupervisorStatus,
  release: string,
  before: ReadonlyMap<string, number>,
): string | undefined {
  const status = releases.find((candidate) => candidate.id === release);
  if (url === null || servingRelease !== release || status === undefined) {
    return `${servingRelease ?? 'nothing'} serves instead`;
  }
  if (status.problem !== undefined) return status.problem.reason;
  const replicas = status.services.flatMap((service) => service.replicas);
  const troubled = replicas.find(
    ({ name, restarts, state }) => restarts > (before.get(name) ?? 0) || state !== 'ready',
  );
  if (troubled === undefined) return undefined;
  const exit = troubled.lastExit === null ? '' : ` (${troubled.lastExit})`;
  return `${troubled.name} is ${troubled.state} after ${troubled.restarts} restarts${exit}`;
}

async function notHolding(release: string, problem: string, tools: LocalTools): Promise<AgentctlError> {
  return new AgentctlError('StepFailed', `release ${release} does not hold: ${problem}`, {
    fix: 'mend what its last log lines name and deploy again',
    detail: tailText(await tools.releaseLog(release, shownLines)),
  });
}

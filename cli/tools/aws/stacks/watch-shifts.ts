import { setTimeout as delay } from 'node:timers/promises';
import { rolloutStageText } from '../services/rollout-stage.js';
import { failedTasks } from '../services/service-diagnosis.js';
import type { ServiceRollout, ServiceState, ServiceTools } from '../services/service-tools.js';
import type { StackRun } from './stack-tools.js';

/** As many as the circuit breaker of a rolling deployment lets fail. */
const mostFailedTasks = 3;

/** Services whose rollouts move traffic from old to new tasks. */
export interface ShiftingServices {
  readonly cluster: string;
  readonly names: readonly string[];
}

/**
 * Stands in for the circuit breaker, which ECS has for rolling deployments only: without one, tasks that crash are started
 * again until CloudFormation gives up after hours. Says which stage a rollout is in. What it cannot see or do is left to
 * ECS: old tasks serve meanwhile. Returns how to end it.
 */
export function watchShifts(
  services: ServiceTools,
  { cluster, names }: ShiftingServices,
  { signal, log }: StackRun,
  pollSeconds: number,
): () => Promise<void> {
  const over = new AbortController();
  const watched = AbortSignal.any([signal, over.signal]);
  const said = new Map<string, string>();
  const stopped = new Set<string>();

  const look = async (name: string): Promise<void> => {
    const [rollout] = await services.rollouts(cluster, name, watched);
    if (rollout?.status !== 'IN_PROGRESS') return;
    if (rollout.stage !== null && said.get(rollout.arn) !== rollout.stage) {
      said.set(rollout.arn, rollout.stage);
      log(`${name}: ${rolloutStageText(rollout.stage)}`);
    }
    if (stopped.has(rollout.arn)) return;
    const [state] = await services.states(cluster, [name], watched);
    const failed = await failedOf(rollout, state);
    if (failed < mostFailedTasks) return;
    stopped.add(rollout.arn);
    log(`${name}: ${failed} new tasks have failed, so its rollout is stopped; the old ones serve on`);
    await services.stopRollout(rollout.arn, watched);
  };
  /** Tasks of the new revision that failed by themselves. */
  const failedOf = async ({ createdAt }: ServiceRollout, state: ServiceState | undefined): Promise<number> => {
    const primary = state?.deployments.find(({ status }) => status === 'PRIMARY');
    if (state === undefined || primary === undefined) return 0;
    const tasks = failedTasks(await services.stoppedTasks(cluster, state.name, watched));
    return tasks.filter((task) => {
      const isOfRollout = createdAt === null || task.createdAt === null || task.createdAt >= createdAt;
      return isOfRollout && task.taskDefinition === primary.taskDefinition;
    }).length;
  };
  const watch = async (): Promise<void> => {
    while (!watched.aborted) {
      await Promise.all(names.map(async (name) => await look(name).catch(() => undefined)));
      await delay(pollSeconds * 1000, undefined, { signal: watched }).catch(() => undefined);
    }
  };
  const watching = watch();
  return async () => {
    over.abort();
    await watching;
  };
}

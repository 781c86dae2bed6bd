import { fakeTiming } from '../../fake-timing.js';
import type { FakeWorld } from '../../fake-world.js';
import type { RunningContainer } from '../../../cloud/processes/container-run.js';
import type { EcsContainer } from './ecs-task.js';

/** Runs the health check of a container again and again; sets `HEALTHY` and `UNHEALTHY`. */
export function watchContainer(world: FakeWorld, container: EcsContainer, running: RunningContainer): void {
  const { command = [], retries = 3, startPeriod = 0, timeout = 5 } = container.definition.healthCheck ?? {};
  const timing = world.state(fakeTiming);
  const [kind, ...words] = command;
  const argv = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words;
  if (kind === 'NONE' || argv.length === 0) return;
  const graceEnds = performance.now() + Math.min(startPeriod, timing.longestGraceSeconds) * 1000;
  let failures = 0;
  const check = async (): Promise<void> => {
    const exitCode = await running.execute(argv, timeout);
    if (container.lastStatus === 'STOPPED') return;
    if (exitCode === 0) {
      failures = 0;
      container.health = 'HEALTHY';
    } else if (performance.now() >= graceEnds) {
      failures += 1;
      if (failures >= retries) container.health = 'UNHEALTHY';
    }
    next();
  };
  // A check is a process of its own: rarer than those over HTTP.
  const next = (): void => void setTimeout(() => void check(), timing.healthCheckMilliseconds * 5).unref();
  next();
}

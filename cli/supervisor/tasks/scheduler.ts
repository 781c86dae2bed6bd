import { Cron } from 'croner';
import { AgentctlError, messageOf } from '../../errors.js';
import type { ReleaseManifest, ScheduleManifest, SupervisorStatus } from '../protocol.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { historyOf, scheduledTaskId } from './task-history.js';
import type { TaskRunner } from './task-runner.js';

/** As the schedulers of the clouds do by default. */
const timezone = 'UTC';

/** Runs the schedules of the serving release. A schedule whose last run has not ended skips its turn. */
export class Scheduler {
  readonly #context: SupervisorContext;
  readonly #tasks: TaskRunner;
  #jobs: readonly { readonly schedule: ScheduleManifest; readonly cron: Cron }[] = [];

  constructor(context: SupervisorContext, tasks: TaskRunner) {
    this.#context = context;
    this.#tasks = tasks;
  }

  /** Runs the schedules of this release from now on, and no others. */
  follow(manifest: ReleaseManifest | undefined): void {
    for (const { cron } of this.#jobs) cron.stop();
    this.#jobs = (manifest?.schedules ?? []).map((schedule) => ({
      schedule,
      cron: new Cron(schedule.cron, { timezone }, () => void this.#run(schedule, manifest?.id)),
    }));
  }

  status(): SupervisorStatus['schedules'] {
    const { tasks } = this.#context.store.current;
    return this.#jobs.map(({ schedule, cron }) => ({
      name: schedule.name,
      cron: schedule.cron,
      next: cron.nextRun()?.toISOString() ?? null,
      history: [...historyOf(schedule.name, tasks)],
    }));
  }

  async #run(schedule: ScheduleManifest, release: string | undefined): Promise<void> {
    const { now, note, store } = this.#context;
    const [last] = historyOf(schedule.name, store.current.tasks);
    if (last?.state === 'running') {
      note(`schedule ${schedule.name} skips its turn: ${last.id} still runs`);
      return;
    }
    const { artifact, command, env, timeoutSeconds } = schedule;
    const id = scheduledTaskId(schedule.name, now());
    await this.#tasks
      .put({ id, artifact, command, env, timeoutSeconds, ...(release === undefined ? {} : { release }) })
      .catch((error: unknown) => note(`schedule ${schedule.name} cannot run: ${messageOf(error)}`));
  }
}

/**
 * Checks the cron expressions of a release before anything of it is started.
 *
 * @throws AgentctlError SpecInvalid
 */
export function assertSchedules(manifest: ReleaseManifest): void {
  for (const { name, cron } of manifest.schedules) {
    try {
      new Cron(cron, { timezone, paused: true }).stop();
    } catch (cause) {
      throw new AgentctlError(
        'SpecInvalid',
        `schedule ${name} has the cron expression "${cron}": ${messageOf(cause)}`,
        {
          fix: 'Write five fields: minute, hour, day of month, month, day of week.',
          cause,
        },
      );
    }
  }
}

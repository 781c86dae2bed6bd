import { Cron } from 'croner';
import { AgentctlError, messageOf } from '../../errors.js';
import type { PostgresRequest } from '../protocol.js';

/** When backups are to be taken, and how long they are kept. */
export type Dumps = NonNullable<PostgresRequest['dumps']>;

/** As for the schedules of a release. */
const timezone = 'UTC';

/** Calls `onTurn` when it is time for a backup. */
export class BackupSchedule {
  readonly #onTurn: () => void;
  #cron: Cron | undefined;

  constructor(onTurn: () => void) {
    this.#onTurn = onTurn;
  }

  /** Follows this from now on, or nothing. */
  follow(dumps: Dumps | undefined): void {
    this.#cron?.stop();
    this.#cron = dumps === undefined ? undefined : new Cron(dumps.cron, { timezone }, () => this.#onTurn());
  }

  /** ISO 8601. */
  get next(): string | null {
    return this.#cron?.nextRun()?.toISOString() ?? null;
  }
}

/**
 * Checks the cron expression of a request before anything is done for it.
 *
 * @throws AgentctlError SpecInvalid
 */
export function assertDumps(dumps: Dumps | undefined): void {
  if (dumps === undefined) return;
  try {
    new Cron(dumps.cron, { timezone, paused: true }).stop();
  } catch (cause) {
    throw new AgentctlError(
      'SpecInvalid',
      `the backups have the cron expression "${dumps.cron}": ${messageOf(cause)}`,
      {
        fix: 'Write five fields: minute, hour, day of month, month, day of week.',
        cause,
      },
    );
  }
}

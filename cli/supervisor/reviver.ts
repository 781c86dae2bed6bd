import { messageOf } from '../errors.js';
import type { DetachedProcess } from '../tools/process/index.js';

const firstSeconds = 0.5;
const longestSeconds = 30;
/** A process that ran this long did not die of its start: it is brought back at once again. */
const healthySeconds = 10;

/** Whether a process runs is looked at this often. Beyond Linux it takes a run of `ps`. */
export const lookMilliseconds = process.platform === 'linux' ? 200 : 1000;

/** What bringing a process back takes. */
export interface ReviverOptions {
  /** `the supervisor` */
  readonly name: string;
  readonly start: () => Promise<DetachedProcess>;
  readonly note: (text: string) => void;
  /** Milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** Brings one process back whenever it is found gone: at once, and more and more slowly while it keeps dying. */
export class Reviver {
  readonly #options: ReviverOptions;
  readonly #now: () => number;
  #child: DetachedProcess | undefined;
  #aliveSince: number | undefined;
  #deaths = 0;
  #dueAt = 0;

  constructor(options: ReviverOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The process that was started and has not been seen alive yet, nor has ended. */
  get starting(): DetachedProcess | undefined {
    return this.#child?.hasEnded() === false ? this.#child : undefined;
  }

  /** To be told again and again whether it runs. Does not overlap with itself when awaited. */
  async look(isAlive: boolean): Promise<void> {
    if (isAlive) {
      this.#aliveSince ??= this.#now();
      this.#child = undefined;
      return;
    }
    if (this.starting !== undefined) return;
    this.#countDeath();
    if (this.#now() < this.#dueAt) return;
    try {
      this.#child = await this.#options.start();
    } catch (error) {
      this.#hasDied(0, `cannot be started: ${messageOf(error)}`);
    }
  }

  #countDeath(): void {
    if (this.#aliveSince !== undefined) {
      const upSeconds = (this.#now() - this.#aliveSince) / 1000;
      this.#aliveSince = undefined;
      this.#hasDied(upSeconds, 'has died');
    } else if (this.#child !== undefined) {
      const exitCode = this.#child.exitCode();
      // 0: it gave way to another one, which does not run any more either.
      this.#hasDied(0, exitCode === 0 ? 'gave way' : `did not start (exit ${exitCode ?? 'by signal'})`);
    }
    this.#child = undefined;
  }

  #hasDied(upSeconds: number, how: string): void {
    const { deaths, waitSeconds } = revivalAfter(this.#deaths, upSeconds);
    this.#deaths = deaths;
    this.#dueAt = this.#now() + waitSeconds * 1000;
    const when = waitSeconds === 0 ? 'now' : `in ${waitSeconds} s`;
    this.#options.note(`${this.#options.name} ${how}; it is started again ${when}`);
  }
}

/** Pure: how long to wait after one more death. The first costs nothing, then 0.5 s, doubled each time, at most 30 s. */
export function revivalAfter(
  deaths: number,
  upSeconds: number,
): { readonly deaths: number; readonly waitSeconds: number } {
  if (upSeconds >= healthySeconds) return { deaths: 1, waitSeconds: 0 };
  const waitSeconds = deaths === 0 ? 0 : Math.min(longestSeconds, firstSeconds * 2 ** Math.min(deaths - 1, 10));
  return { deaths: deaths + 1, waitSeconds };
}

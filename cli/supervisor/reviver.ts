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

  /** The process that was started last, until it has ended. */
  get child(): DetachedProcess | undefined {
    return this.#child?.hasEnded() === false ? this.#child : undefined;
  }

  /** To be told again and again whether it runs. Does not overlap with itself when awaited. */
  async look(isAlive: boolean): Promise<void> {
    if (isAlive) {
      this.#aliveSince ??= this.#now();
      // It gave way to the one that runs: nothing is known of how that one will end.
      if (this.child === undefined) this.#child = undefined;
      return;
    }
    if (this.child !== undefined) return;
    if (this.#aliveSince !== undefined || this.#child !== undefined) {
      const upSeconds = this.#aliveSince === undefined ? 0 : (this.#now() - this.#aliveSince) / 1000;
      this.#hasDied(upSeconds, this.#child === undefined ? 'has died' : endOf(this.#child));
      this.#aliveSince = undefined;
      this.#child = undefined;
    }
    if (this.#now() < this.#dueAt) return;
    try {
      this.#child = await this.#options.start();
    } catch (error) {
      this.#hasDied(0, `cannot be started: ${messageOf(error)}`);
    }
  }

  #hasDied(upSeconds: number, how: string): void {
    const { deaths, waitSeconds } = revivalAfter(this.#deaths, upSeconds);
    this.#deaths = deaths;
    this.#dueAt = this.#now() + waitSeconds * 1000;
    const when = waitSeconds === 0 ? 'now' : `in ${waitSeconds} s`;
    this.#options.note(`${this.#options.name} ${how}; it is started again ${when}`);
  }
}

function endOf(child: DetachedProcess): string {
  const exitCode = child.exitCode();
  return exitCode === null ? 'was killed' : `ended (exit ${exitCode})`;
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

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process of this machine. */
export interface FoundProcess {
  readonly pid: number;
  readonly commandLine: string;
  readonly workingDirectory: string;
}

/**
 * Every process whose command line names one of the places, or that works in one or below. Processes that have ended and
 * only wait to be collected are left out. Empty where there is no /proc.
 */
export function processesIn(places: readonly string[]): readonly FoundProcess[] {
  return allProcesses().filter(({ commandLine, workingDirectory }) =>
    places.some((place) => commandLine.includes(place) || `${workingDirectory}/`.startsWith(`${place}/`)),
  );
}

/** Every process that can be looked at. */
export function allProcesses(): readonly FoundProcess[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const commandLine = commandLineOf(Number(entry));
      // A directory that was removed is shown as `/path (deleted)`.
      const workingDirectory = readlinkSync(`/proc/${entry}/cwd`).replace(/ \(deleted\)$/, '');
      return commandLine === '' ? [] : [{ pid: Number(entry), commandLine, workingDirectory }];
    } catch {
      return [];
    }
  });
}

/** The words of a process, with spaces between them; empty for one that has ended. Throws when there is none. */
export function commandLineOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
}

/** Whether a process still runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The process that has started another; undefined when that has ended. */
export function parentOf(pid: number): number | undefined {
  try {
    return Number(/\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

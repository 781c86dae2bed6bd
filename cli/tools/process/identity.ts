import { readFileSync } from 'node:fs';
import { captureOutput } from './spawn.js';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only, also across a reboot. */
  readonly startTime: string;
}

/** Who runs under a pid now; `undefined` when nobody does, or only a process that has ended and was not collected. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : portableStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether the very same process still runs. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/** What `/proc/<pid>/stat` says, or `undefined` when there is no such process. */
export interface ProcessStat {
  /** `Z` and `X` have ended. */
  readonly state: string;
  readonly processGroup: number;
  /** Clock ticks since boot. */
  readonly startTicks: string;
}

/** Reads `/proc/<pid>/stat` (Linux only). */
export function processStat(pid: number | string): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the command name in brackets and may itself hold spaces and brackets; see proc_pid_stat(5).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , processGroup] = fields;
  const startTicks = fields[19];
  if (state === undefined || processGroup === undefined || startTicks === undefined) return undefined;
  return { state, processGroup: Number(processGroup), startTicks };
}

/** Whether a process has ended and only waits to be collected by its parent. */
export function hasEnded(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

function linuxStartTime(pid: number): string | undefined {
  const stat = processStat(pid);
  return stat === undefined || hasEnded(stat) ? undefined : `${bootId()}/${stat.startTicks}`;
}

/** Ticks count from boot, so that without it a pid and tick of the boot before could come true again. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

function portableStartTime(pid: number): string | undefined {
  const [state = '', ...started] = captureOutput('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
    .trim()
    .split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
}

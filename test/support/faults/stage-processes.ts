import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { commandLineOf } from '../local-processes.js';

/** A process as /proc shows it. */
export interface StageProcess {
  readonly pid: number;
  readonly parent: number;
  readonly commandLine: string;
  readonly workingDirectory: string;
  /** `NAME=value` lines; empty when it may not be read. */
  readonly environment: string;
}

/** Every process of the machine that has not ended. Empty where there is no /proc. */
export function everyProcess(): readonly StageProcess[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (look(Number(entry)) ?? []) : []));
}

/** Those that belong to a stage: by a word of their command line, the directory they work in, or their environment. */
export function processesOf(places: readonly string[], all = everyProcess()): readonly StageProcess[] {
  return all.filter(({ commandLine, workingDirectory, environment }) =>
    places.some(
      (place) =>
        commandLine.includes(place) || `${workingDirectory}/`.startsWith(`${place}/`) || environment.includes(place),
    ),
  );
}

function look(pid: number): StageProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const commandLine = commandLineOf(pid);
    if (state === 'Z' || state === 'X' || commandLine === '') return undefined;
    const workingDirectory = readable(() => readlinkSync(`/proc/${pid}/cwd`)).replace(/ \(deleted\)$/, '');
    const environment = readable(() => readFileSync(`/proc/${pid}/environ`, 'utf8')).replaceAll('\0', '\n');
    // It became another program in between: what was read belongs to two.
    if (commandLineOf(pid) !== commandLine) return look(pid);
    return { pid, parent: Number(parent), commandLine, workingDirectory, environment };
  } catch {
    // Gone meanwhile.
    return undefined;
  }
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

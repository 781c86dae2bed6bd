import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { PlannedProcess } from '../../../stacks/local/local-plan.js';
import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import type { Finding } from '../target.js';

/** The commands of an agent, with the builds before them. */
export type PlannedCommands = Pick<ProcessPlan, 'contexts' | 'services' | 'schedules' | 'migrations'>;

/** Where commands are looked for. */
export interface CommandPlaces {
  /** Where the config file is. */
  readonly directory: string;
  /** PATH of builds and processes. */
  readonly searchPath: string | undefined;
}

/** A program that something is going to start. */
interface WantedProgram {
  readonly program: string;
  /** What starts it: `service api`. */
  readonly of: string;
  /** Absolute. */
  readonly context: string;
  /** Commands before it may still bring it. */
  readonly isAfterBuild: boolean;
}

/** What a build puts first on the PATH of what runs from it. */
const buildPaths = ['node_modules/.bin', '.venv/bin'];

/**
 * Looks for the build contexts and for the program of every command. A problem is only what cannot be there in the end:
 * what is missing may still come from a build.
 */
export function commandFindings(plan: PlannedCommands, places: CommandPlaces): readonly Finding[] {
  const lost = Object.keys(plan.contexts).filter((context) => !isDirectory(resolve(places.directory, context)));
  const wanted = wantedPrograms(plan, places.directory).filter(
    ({ context }) => !lost.some((name) => resolve(places.directory, name) === context),
  );
  const there = wanted.filter((one) => isThere(one, places));
  const missing = wanted.filter((one) => !there.includes(one));
  return [
    ...lost.map(lostContext),
    ...(there.length === 0 ? [] : [found(there)]),
    ...missing.map((one) => (one.isAfterBuild ? leftToBuild(one) : notFound(one))),
  ];
}

function wantedPrograms({ contexts, ...plan }: PlannedCommands, directory: string): readonly WantedProgram[] {
  const builds = Object.entries(contexts).flatMap(([context, { build }]) =>
    build.map((command, index) => ({
      program: command[0],
      of: 'clouds.local.process.build',
      context: resolve(directory, context),
      isAfterBuild: index > 0,
    })),
  );
  const workloads = (kind: string, processes: readonly PlannedProcess[]) =>
    processes
      // Its own PATH is not known here.
      .filter(({ env }) => env['PATH'] === undefined)
      .map(({ name, source, command }) => ({
        program: command[0],
        of: `${kind} ${name}`,
        context: resolve(directory, source),
        isAfterBuild: (contexts[source]?.build ?? []).length > 0,
      }));
  const all = [
    ...builds,
    ...workloads('service', plan.services),
    ...workloads('migration', plan.migrations),
    ...workloads('schedule', plan.schedules),
  ];
  // What a reference stands for is known only when it runs.
  const known = all.flatMap((one) =>
    one.program === undefined || one.program.includes('${') ? [] : [{ ...one, program: one.program }],
  );
  return known.filter(
    (one, index) =>
      known.findIndex((other) => other.program === one.program && other.context === one.context) === index,
  );
}

function isThere({ program, context }: WantedProgram, { searchPath }: CommandPlaces): boolean {
  if (program.includes('/')) return isProgram(resolve(context, program));
  const onPath = (searchPath ?? '').split(delimiter).filter((directory) => isAbsolute(directory));
  const inContext = buildPaths.map((directory) => join(context, directory));
  return [...onPath, ...inContext].some((directory) => isProgram(join(directory, program)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function found(there: readonly WantedProgram[]): Finding {
  const programs = [...new Set(there.map(({ program }) => program))];
  return { level: 'ok', subject: 'commands', message: programs.join(', ') };
}

function leftToBuild({ program, of }: WantedProgram): Finding {
  return { level: 'ok', subject: 'commands', message: `${program} (${of}) is not here: the build has to bring it` };
}

function notFound({ program, of, context }: WantedProgram): Finding {
  const message = program.includes('/')
    ? `${program} (${of}) is not an executable file in ${context}`
    : `${program} (${of}) is not on the PATH`;
  return { level: 'problem', subject: 'commands', message, fix: `install ${program}, or correct the command` };
}

function lostContext(context: string): Finding {
  const fix = 'set image.build.context to a directory, relative to agentctl.yaml';
  return { level: 'problem', subject: 'build context', message: `${context} is not a directory`, fix };
}

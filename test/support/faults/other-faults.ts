import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import type { FaultStage, Preload } from './fault-stage.js';
import type { GoldenStep } from './golden.js';
import { crashPreload, type Fault } from './run-cell.js';
import { type Scenario, scenarios } from './scenario.js';
import { settled } from './stage-children.js';

/** An update slow enough for its children to be found while they work. */
const slowUpdate: Scenario = {
  ...scenarios.update,
  prepare: async (stage) => await stage.nextVersion({ milliseconds: 1_000 }),
};

/** Something dies while a step of the CLI waits for it. */
export function childFault(
  what: string,
  step: string,
  kill: (stage: FaultStage) => Promise<void>,
  mayEnd: Fault['mayEnd'],
): Fault {
  return {
    name: `${what}/${step}/inside/KILL`,
    scenario: slowUpdate,
    goOn: 'again',
    mayEnd,
    async hit(stage, args) {
      const { preload, hasHappened } = crashPreload(stage, {
        step,
        point: 'inside',
        signal: 'mark',
        afterMilliseconds: 50,
      });
      const run = stage.start(args, { preload });
      let isOver = false;
      void run.ended.then(() => (isOver = true));
      await eventually(() => hasHappened() || isOver);
      await kill(stage);
      const result = await run.ended;
      await settled(stage);
      return { run: result, happened: hasHappened() };
    },
  };
}

/** The clock of the CLI jumps when a step begins; at its start without a step. */
export function clockFault(hours: number, step?: string): Fault {
  return {
    ...plainFault(`clock/${step ?? 'start'}/before/${hours > 0 ? '+' : ''}${hours}h`, [0]),
    hit: async (stage, args) =>
      await withPreload(stage, args, (marker) => ({
        module: 'clock-step.mjs',
        environment: { AGENTCTL_TEST_CLOCK: JSON.stringify({ step, hours, marker }) },
      })),
  };
}

/** From its n-th write on the disk of the CLI is full; afterwards there is room again. */
export function fullDiskFault(at: number): Fault {
  return {
    ...plainFault(`disk-full/write-${String(at).padStart(2, '0')}/at/ENOSPC`, [1, 3, 7, 8, 9]),
    leavesWork: true,
    hit: async (stage, args) =>
      await withPreload(stage, args, (marker) => ({
        module: 'disk-full.mjs',
        environment: { AGENTCTL_TEST_DISK: JSON.stringify({ at, marker }) },
      })),
  };
}

/** How many writes an update has, so that each of them can fail. */
export async function countWrites(stage: FaultStage): Promise<number> {
  const count = join(stage.project.root, 'writes');
  await scenarios.update.prepare(stage);
  await stage.start(['deploy', '--yes', '--verbose'], {
    preload: { module: 'disk-full.mjs', environment: { AGENTCTL_TEST_DISK: JSON.stringify({ count }) } },
  }).ended;
  return Number(readFileSync(count, 'utf8'));
}

/** A file of the state is damaged after a deploy was killed; what is run then refuses, and it is mended. */
export function damageFault(options: {
  readonly what: string;
  readonly how: string;
  readonly step: GoldenStep;
  /** Changes the file; returns what mends it again. */
  readonly damage: (stage: FaultStage) => () => void;
  readonly refused: readonly string[];
  readonly mayEnd: Fault['mayEnd'];
}): Fault {
  const { what, how, step, damage, refused, mayEnd } = options;
  return {
    ...plainFault(`damaged/${what}/${step.name}/${how}`, mayEnd),
    leavesWork: true,
    async hit(stage, args) {
      const { preload, hasHappened } = crashPreload(stage, { step: step.name, point: 'before', signal: 'SIGKILL' });
      await stage.start(args, { preload }).ended;
      const mend = damage(stage);
      const run = await stage.start(refused).ended;
      mend();
      return { run, happened: hasHappened() };
    },
  };
}

/** The newest file of a directory of the state. */
export function newestIn(stage: FaultStage, directory: string, names: readonly string[]): string {
  return join(stage.project.stateDirectory, directory, names.toSorted().at(-1) ?? '');
}

/** Replaces the text of a file; the way back is returned. */
export function rewrite(file: string, change: (text: string) => string): () => void {
  const before = existsSync(file) ? readFileSync(file) : undefined;
  writeFileSync(file, change(before?.toString('utf8') ?? ''));
  return () => {
    if (before !== undefined) writeFileSync(file, before);
  };
}

/** Adds to a file; the way back is returned. */
export function append(file: string, text: string): () => void {
  const before = readFileSync(file);
  appendFileSync(file, text);
  return () => writeFileSync(file, before);
}

/** Somebody else listens on a port of this machine. */
export async function takePort(port: number): Promise<() => Promise<void>> {
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return async () => await new Promise((resolve) => server.close(() => resolve()));
}

function plainFault(name: string, mayEnd: Fault['mayEnd']): Omit<Fault, 'hit'> {
  return { name, scenario: scenarios.update, goOn: 'again', mayEnd };
}

async function withPreload(
  stage: FaultStage,
  args: readonly string[],
  preload: (marker: string) => Preload,
): Promise<{ run: Awaited<ReturnType<FaultStage['start']>['ended']>; happened: boolean }> {
  const marker = join(stage.project.root, `happened-${stage.version}`);
  const run = await stage.start(args, { preload: preload(marker) }).ended;
  return { run, happened: existsSync(marker) };
}

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSupervisorClient } from '../../../cli/supervisor/client.js';
import { guardOf } from '../../../cli/supervisor/guard-keeper.js';
import { connectSupervisor, ensureSupervisor } from '../../../cli/supervisor/launch.js';
import { startSupervisor } from '../../../cli/supervisor/start-supervisor.js';
import { stateLayout } from '../../../cli/supervisor/state-layout.js';
import { stopSupervisor } from '../../../cli/supervisor/stop-supervisor.js';
import { lockOwner } from '../../../cli/tools/process/index.js';
import { killProcess, killTogether } from '../../support/kill-process.js';
import { apiRelease } from '../../support/supervisor-apps.js';
import { type TestStage, bodyOf, eventually, openStage, processesIn, serve } from '../../support/supervisor-stage.js';

/** From source through the compiler, on a busy machine. */
const withinSeconds = 30;

interface Pair {
  readonly supervisor: number;
  readonly guard: number;
}

/** Both processes, as soon as they run and the supervisor answers; `unlike` another pair where that is given. */
function pairOf({ stateDirectory }: TestStage, unlike?: Partial<Pair>): Promise<Pair> {
  return eventually(async () => {
    const guard = guardOf(stateLayout(stateDirectory))?.pid;
    const supervisor = lockOwner(stateDirectory, 'supervisor')?.pid;
    if (guard === undefined || supervisor === undefined) return undefined;
    if (guard === unlike?.guard || supervisor === unlike?.supervisor) return undefined;
    return (await connectSupervisor(stateDirectory)) === undefined ? undefined : { supervisor, guard };
  }, withinSeconds);
}

function runsNothing({ root }: TestStage): Promise<unknown> {
  return eventually(() => processesIn(root).length === 0, withinSeconds);
}

function logOf({ stateDirectory }: TestStage): string {
  return readFileSync(stateLayout(stateDirectory).supervisorLogFile, 'utf8');
}

test.concurrent('a killed supervisor is started again by its guard, and serves what it served', async (context) => {
  const stage = openStage(context);
  const url = await serve(await stage.launch(), apiRelease('r1', stage.apps));
  const before = await pairOf(stage);

  killProcess(before.supervisor);

  const after = await pairOf(stage, { supervisor: before.supervisor });
  expect(after.guard).toBe(before.guard);
  expect(await bodyOf(url)).toBe('r1');
});

test.concurrent('a killed guard is started again by its supervisor', async (context) => {
  const stage = openStage(context);
  await stage.launch();
  const before = await pairOf(stage);

  killProcess(before.guard);

  const after = await pairOf(stage, { guard: before.guard });
  expect(after.supervisor).toBe(before.supervisor);
  await eventually(() => processesIn(stage.root).length === 2);
});

test.concurrent('when others want a supervisor while the guard starts one, there is one of each', async (context) => {
  const stage = openStage(context);
  await stage.launch();
  const before = await pairOf(stage);

  killProcess(before.supervisor);
  const clients = await Promise.all([1, 2, 3].map(() => ensureSupervisor(stage.stateDirectory)));

  const pids = await Promise.all(clients.map(async (client) => (await client.status()).pid));
  expect(new Set(pids).size).toBe(1);
  await eventually(() => processesIn(stage.root).length === 2, withinSeconds);
});

test.concurrent('SIGTERM to the supervisor ends both', async (context) => {
  const stage = openStage(context);
  await stage.launch();
  const { supervisor } = await pairOf(stage);

  process.kill(supervisor, 'SIGTERM');

  await runsNothing(stage);
  expect(logOf(stage)).not.toContain('started again');
});

test.concurrent('a supervisor with nothing to keep ends its guard as well', async (context) => {
  const stage = openStage(context);
  const { stateDirectory } = stage;

  const started = await startSupervisor({
    stateDirectory,
    environment: process.env,
    write: () => undefined,
    isGuarded: true,
    idleSeconds: 1,
  });
  if (started.kind !== 'running') throw new Error(started.kind);
  const client = createSupervisorClient(started.supervisor.socketPath);
  await client.putRelease(apiRelease('r1', stage.apps));
  await eventually(() => guardOf(stateLayout(stateDirectory)), withinSeconds);

  await client.deleteRelease('r1');

  await started.supervisor.ended;
  expect(guardOf(stateLayout(stateDirectory))).toBeUndefined();
});

test.concurrent('a state directory that somebody removes ends both, and is not made again', async (context) => {
  const stage = openStage(context);
  await serve(await stage.launch(), apiRelease('r1', stage.apps));
  await pairOf(stage);

  rmSync(stage.stateDirectory, { recursive: true, force: true });

  await runsNothing(stage);
  expect(existsSync(stage.stateDirectory)).toBe(false);
});

test.concurrent('a supervisor that cannot start is tried again with pauses, until it is stopped', async (context) => {
  const stage = openStage(context);
  const { desiredFile } = stateLayout(stage.stateDirectory);
  await stage.launch();
  const { supervisor } = await pairOf(stage);
  writeFileSync(desiredFile, '{"version":2}');

  killProcess(supervisor);
  await eventually(
    () => logOf(stage).includes('the supervisor ended (exit 1); it is started again in 1 s'),
    withinSeconds,
  );
  const tries = logOf(stage).split(`${desiredFile} was written by a newer agentctl`).length - 1;
  const hasStopped = await stopSupervisor(stage.stateDirectory, { environment: process.env });

  expect(tries).toBe(2);
  expect(hasStopped).toBe(true);
  expect(processesIn(stage.root)).toEqual([]);
});

test.concurrent(
  'a stop ends what was left behind by a supervisor and a guard that were both killed',
  async (context) => {
    const stage = openStage(context);
    await serve(await stage.launch(), apiRelease('r1', stage.apps));
    const { supervisor, guard } = await pairOf(stage);

    killTogether([supervisor, guard]);
    await eventually(() => lockOwner(stage.stateDirectory, 'supervisor') === undefined);
    await stopSupervisor(stage.stateDirectory, { environment: process.env });

    expect(processesIn(stage.root)).toEqual([]);
  },
);

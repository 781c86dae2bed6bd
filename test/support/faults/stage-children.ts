import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectSupervisor } from '../../../cli/supervisor/launch.js';
import { stateLayout } from '../../../cli/supervisor/state-layout.js';
import { killProcess } from '../kill-process.js';
import { eventually } from '../eventually.js';
import type { FaultStage } from './fault-stage.js';
import { processesOf } from './stage-processes.js';

/** Kills the process of the stage whose command line holds a word, once there is one. */
export async function killProgram(stage: FaultStage, word: string): Promise<void> {
  const found = await eventually(() =>
    processesOf([join(stage.project.stateDirectory, 'artifacts')]).find(({ commandLine }) =>
      commandLine.includes(word),
    ),
  );
  killProcess(found.pid);
}

/** Kills the first replica of the release that serves, or of the one that does not. */
export async function killReplica(stage: FaultStage, which: 'serving' | 'other'): Promise<void> {
  const pid = await eventually(async () => {
    const supervisor = await connectSupervisor(stage.project.stateDirectory);
    const releases = (await supervisor?.status())?.releases ?? [];
    const release = releases.findLast(
      ({ serving, state }) => serving === (which === 'serving') && state !== 'stopped' && state !== 'failed',
    );
    return release?.services[0]?.replicas[0]?.pid;
  });
  killProcess(pid);
}

/** SIGKILL to the postmaster, or SIGINT, which makes it restart in an orderly way. */
export function hitPostgres(stage: FaultStage, signal: 'SIGKILL' | 'SIGINT'): void {
  const desired = JSON.parse(readFileSync(stateLayout(stage.project.stateDirectory).desiredFile, 'utf8')) as {
    postgres: { home: { dataDirectory: string } };
  };
  const [pid] = readFileSync(join(desired.postgres.home.dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  if (!(Number(pid) > 1)) throw new Error(`no postmaster: ${pid}`);
  process.kill(Number(pid), signal);
}

/** Kills the supervisor alone. */
export function killSupervisor(stage: FaultStage): void {
  killProcess(stage.project.supervisorPid());
}

/** What keeps dying is started again after half a minute at the latest, and takes its time on a busy machine. */
const settleSeconds = 90;

/** Waits until the database and every replica that should run does, if somebody brings them back by themselves. */
export async function settled(stage: FaultStage): Promise<void> {
  await eventually(async () => {
    const status = await (await connectSupervisor(stage.project.stateDirectory))?.status();
    if (status === undefined) return false;
    const serving = status.releases.find((release) => release.serving);
    const replicas = serving?.services.flatMap((service) => service.replicas) ?? [];
    return (
      (status.postgres === null || status.postgres.state === 'running') &&
      serving !== undefined &&
      replicas.every(({ state }) => state === 'ready')
    );
  }, settleSeconds).catch(() => false);
}

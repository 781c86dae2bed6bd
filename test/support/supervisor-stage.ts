import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SupervisorClient, createSupervisorClient } from '../../cli/supervisor/client.js';
import { ensureSupervisor } from '../../cli/supervisor/launch.js';
import type { ArtifactRef, ReleaseManifest, ReleaseStatus, TaskStatus } from '../../cli/supervisor/protocol.js';
import { startSupervisor } from '../../cli/supervisor/start-supervisor.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { stopSupervisor } from '../../cli/supervisor/stop-supervisor.js';
import { externalPostgresDirectory } from '../../cli/tools/postgres/index.js';
import { lockOwner } from '../../cli/tools/process/index.js';
import { eventually } from './eventually.js';
import { writeApps } from './supervisor-apps.js';

/** A state directory of its own for one test, removed with everything that runs in it when the test ends. */
export interface TestStage {
  readonly root: string;
  readonly stateDirectory: string;
  readonly apps: ArtifactRef;
  /** A supervisor in this process. */
  start(options?: StartOptions): Promise<SupervisorClient>;
  /** A supervisor in a process of its own, as the CLI has it. */
  launch(): Promise<SupervisorClient>;
}

/** What a test may want different about a supervisor. */
export interface StartOptions {
  readonly idleSeconds?: number;
  readonly resumeSeconds?: number;
  readonly environment?: Record<string, string>;
}

/** What the context of a vitest test has for cleaning up. */
export interface TestCleanup {
  readonly onTestFinished: (cleanUp: () => Promise<void>) => void;
}

/** Makes a stage for the test whose context is given. */
export function openStage({ onTestFinished }: TestCleanup): TestStage {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agentctl-stage-')));
  const stateDirectory = join(root, '.agentctl', 'local', 'dev');
  const shutdowns: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    await Promise.all(shutdowns.map((shutdown) => shutdown()));
    await endDetached(stateDirectory);
    // A server that was killed with its supervisor may still be writing its last.
    const patiently = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
    rmSync(externalPostgresDirectory(stateLayout(stateDirectory).key), patiently);
    rmSync(root, patiently);
  });
  return {
    root,
    stateDirectory,
    apps: writeApps(join(root, 'apps')),
    start: async ({ environment, ...options } = {}) => {
      const started = await startSupervisor({
        stateDirectory,
        environment: { ...process.env, ...environment },
        write: () => undefined,
        ...options,
      });
      if (started.kind !== 'running') throw new Error(`the supervisor is ${started.kind}`);
      shutdowns.push(() => started.supervisor.shutdown());
      return createSupervisorClient(started.supervisor.socketPath);
    },
    launch: () => ensureSupervisor(stateDirectory),
  };
}

/** Also when it no longer answers: a test may have failed half way. */
async function endDetached(stateDirectory: string): Promise<void> {
  if (lockOwner(stateDirectory, 'supervisor')?.pid !== process.pid)
    await stopSupervisor(stateDirectory, { environment: process.env });
}

/** Puts a release and waits until it has left the state `starting`. */
export async function release(client: SupervisorClient, manifest: ReleaseManifest): Promise<ReleaseStatus> {
  await client.putRelease(manifest);
  return await eventually(async () => {
    const status = await client.release(manifest.id);
    return status !== undefined && status.state !== 'starting' ? status : undefined;
  });
}

/** Puts a release, waits until it is ready and gives it the traffic. */
export async function serve(client: SupervisorClient, manifest: ReleaseManifest): Promise<string> {
  const status = await release(client, manifest);
  if (status.state !== 'ready') throw new Error(`release ${status.id} is ${status.state}: ${status.problem?.reason}`);
  const { url } = await client.switchTraffic({ release: manifest.id });
  return url;
}

/** Waits until a task has ended. */
export async function taskEnded(client: SupervisorClient, id: string): Promise<TaskStatus> {
  return await eventually(async () => {
    const task = await client.task(id);
    return task !== undefined && task.state !== 'running' ? task : undefined;
  });
}

/** Pids of processes that work in a directory or below (Linux): everything a stage has started. */
export function processesIn(directory: string): readonly number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const commandLine = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      // The compiler that runs a supervisor from its sources; it ends with it.
      if (commandLine.includes('esbuild')) return [];
      const workingDirectory = realpathSync(`/proc/${entry}/cwd`);
      return workingDirectory.startsWith(directory) || commandLine.includes(directory) ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

/** The body of a page. */
export async function bodyOf(url: string): Promise<string> {
  const response = await fetch(url);
  return await response.text();
}

export { eventually };

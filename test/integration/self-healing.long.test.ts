import { describe, expect, test } from 'vitest';
import { connectSupervisor } from '../../cli/supervisor/launch.js';
import { openDesiredStore } from '../../cli/supervisor/desired-state.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { type AcknowledgedLoad, startWriters } from '../support/acknowledged-load.js';
import { killProcess } from '../support/kill-process.js';
import { isRunning, parentOf } from '../support/local-processes.js';
import { eventually, type LocalProject, story } from '../support/local-project.js';
import { askJson } from '../support/local-traffic.js';

const clients = 3;
/** Requests go on for this many after the first that succeeds, to see that none fails any more. */
const requestsAfterwards = 20;

/** What is killed. Resolves with the pids that are to be gone. */
const faults = {
  supervisor: (project) => kill(project.supervisorPid()),
  postmaster: (project) => kill(recordedPid(project, 'postgres')),
  'one database session': (project) => eventually(() => killSession(project)),
  'one replica of two': (project) => kill(recordedPid(project, 'r1/api.1')),
  guard: (project) => kill(project.guardPid()),
  'guard, then the supervisor as soon as it has another guard': async (project) => {
    const [guard = 0] = kill(project.guardPid());
    await eventually(() => (project.guardPid() ?? guard) !== guard);
    return [guard, ...kill(project.supervisorPid())];
  },
} satisfies Record<string, (project: LocalProject) => readonly number[] | Promise<readonly number[]>>;
type Fault = keyof typeof faults;
const names = Object.keys(faults) as Fault[];

interface Outcome {
  /** From the kill until the first success that began when the process was gone. */
  readonly windowMilliseconds: number;
  readonly failuresWithin: readonly string[];
  readonly failuresAfter: readonly string[];
  /** How many of each kind run when all is well again. */
  readonly processes: Readonly<Record<string, number>>;
}

function kill(pid: number | undefined): readonly number[] {
  killProcess(pid);
  return pid === undefined ? [] : [pid];
}

function recordedPid(project: LocalProject, label: string): number | undefined {
  const { current } = openDesiredStore(stateLayout(project.stateDirectory));
  return current.processes.find((record) => record.label === label)?.pid;
}

/** Sessions are as short as requests: it may have ended by the time we get to it. */
function killSession(project: LocalProject): readonly number[] | undefined {
  const session = project.processes().find(({ commandLine }) => /^postgres: \S+ e2e /.test(commandLine));
  try {
    return session === undefined ? undefined : kill(session.pid);
  } catch {
    return undefined;
  }
}

async function isWhole({ stateDirectory }: LocalProject): Promise<boolean> {
  const status = await (await connectSupervisor(stateDirectory))?.status().catch(() => undefined);
  const replicas = status?.releases.find(({ serving }) => serving)?.services.flatMap((service) => service.replicas);
  return (
    status?.postgres?.state === 'running' &&
    replicas?.length === 2 &&
    replicas.every((replica) => replica.state === 'ready')
  );
}

function census(project: LocalProject): Readonly<Record<string, number>> {
  const found = project.processes();
  const servers = new Set(found.filter(({ commandLine }) => commandLine.includes(' -D ')).map(({ pid }) => pid));
  const kinds = found.map(({ pid, commandLine }) => {
    if (commandLine.includes('/bin/supervisor.')) return 'supervisor';
    if (commandLine.includes('/bin/guard.')) return 'guard';
    if (commandLine.includes('app.mjs')) return 'replica';
    // A session has the command line of its server until it has given itself a title.
    if (servers.has(pid)) return servers.has(parentOf(pid) ?? pid) ? '' : 'postgres';
    // Sessions and background writers come and go with their server; the compiler is there when run from source.
    return /^postgres: |esbuild/.test(commandLine) ? '' : commandLine;
  });
  const counts: Record<string, number> = {};
  for (const kind of kinds.filter((each) => each !== '')) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

async function suffer(project: LocalProject, load: AcknowledgedLoad, fault: Fault): Promise<Outcome> {
  const before = load.requests.length;
  const killedAt = performance.now();
  const pids = await faults[fault](project);
  await eventually(() => !pids.some(isRunning));
  const goneAt = performance.now();
  const recovered = await eventually(() =>
    load.requests.slice(before).find(({ startedAt, failure }) => failure === '' && startedAt >= goneAt),
  );
  const reached = load.requests.length;
  await eventually(() => isWhole(project));
  await eventually(() => project.supervisorPid() !== undefined && project.guardPid() !== undefined);
  await eventually(() => load.requests.length >= reached + requestsAfterwards);
  const failures = load.requests.slice(before).filter(({ failure }) => failure !== '');
  const isAfter = ({ startedAt }: (typeof failures)[number]): boolean => startedAt > recovered.endedAt;
  return {
    windowMilliseconds: Math.round(recovered.endedAt - killedAt),
    failuresWithin: failures.filter((request) => !isAfter(request)).map(({ failure }) => failure),
    failuresAfter: failures.filter(isAfter).map(({ failure }) => failure),
    processes: census(project),
  };
}

describe('under load, with nobody running a command', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true, replicas: 2 } });
    const url = await project.deployed();
    await eventually(() => project.guardPid());
    const load = startWriters(url, clients);
    const outcomes = new Map<Fault, Outcome>();
    try {
      for (const fault of names) outcomes.set(fault, await suffer(project, load, fault));
    } finally {
      await load.stop();
    }
    const notes = await askJson<readonly string[]>(`${url}/notes`);
    const deploy = await project.agentctl(['deploy', '--yes']);
    const destroy = await project.agentctl(['destroy', '--yes']);
    for (const [fault, { windowMilliseconds, failuresWithin }] of outcomes) {
      console.log(`${fault}: ${windowMilliseconds} ms, ${failuresWithin.length} failed`);
    }
    return { outcomes, load, notes, deploy, destroy, left: project.processes() };
  });

  test.each(names)('no request fails once the service has answered again: %s', (fault) => {
    expect(told().outcomes.get(fault)?.failuresAfter).toEqual([]);
  });

  test.each(names)('there is one of everything, and two replicas, afterwards: %s', (fault) => {
    expect(told().outcomes.get(fault)?.processes).toEqual({ supervisor: 1, guard: 1, replica: 2, postgres: 1 });
  });

  test('the death of the guard is not noticed at all', () => {
    expect(told().outcomes.get('guard')?.failuresWithin).toEqual([]);
  });

  test('the death of one replica costs no more than the requests it was answering', () => {
    expect(told().outcomes.get('one replica of two')?.failuresWithin.length).toBeLessThanOrEqual(clients);
  });

  test('everything that was acknowledged is there, once', () => {
    const { load, notes } = told();
    const acknowledged = load.requests.filter(({ failure }) => failure === '').map(({ note }) => note);
    const kept = new Set(acknowledged);

    expect(acknowledged.length).toBeGreaterThan(100);
    expect(notes.filter((note) => kept.has(note)).toSorted()).toEqual(acknowledged.toSorted());
  });

  test('a deploy afterwards has nothing to do', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
  });

  test('destroy leaves no process', () => {
    expect(told().destroy.exitCode).toBe(0);
    expect(told().left).toEqual([]);
  });
});

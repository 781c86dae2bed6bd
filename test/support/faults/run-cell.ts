import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually.js';
import type { CliResult, CliRun } from '../local-cli.js';
import type { GoOn } from './cell.js';
import type { FaultStage } from './fault-stage.js';
import { invariants, type Seen } from './invariants.js';
import type { Scenario } from './scenario.js';
import { takeSnapshot } from './snapshot.js';
import { fileLeaks } from './file-leaks.js';

/** How one fault is done, whatever its kind. */
export interface Fault {
  /** `update/switch/after/KILL` */
  readonly name: string;
  readonly scenario: Scenario;
  readonly goOn: GoOn;
  /** Starts the command and lets the fault happen. */
  hit(stage: FaultStage, args: readonly string[], input?: string): Promise<Hit>;
  /** Exit codes and signals that the hit run may end with. */
  readonly mayEnd: readonly (number | NodeJS.Signals)[];
  /** Whether requests may fail: the fault hits what answers them. @default false */
  readonly hitsGateway?: boolean;
  /** How many requests may be cut off, because they were with the replica that was killed. @default 0 */
  readonly mayCutRequests?: number;
  /** Whether what the hit run leaves is for the next one to take up, as when it is killed. @default - when it was killed */
  readonly leavesWork?: boolean;
}

/** A run that a fault happened to. */
export interface Hit {
  readonly run: CliResult;
  /** False: the run came to its end and the fault never happened, so the cell proves nothing. */
  readonly happened: boolean;
}

/** What one cell came to. */
export interface CellResult {
  readonly name: string;
  readonly seconds: number;
  readonly violations: readonly string[];
  readonly requests: number;
}

/** Hits a command, goes on after it, runs it a third time, and looks at everything after each. */
export async function runCell(stage: FaultStage, fault: Fault, usualFiles: ReadonlySet<string>): Promise<CellResult> {
  const started = performance.now();
  const { scenario, goOn } = fault;
  const leaksOnDisk = fileLeaks(stage);
  const violations: string[] = [];
  let requests = 0;
  await stage.prober.take();
  await scenario.prepare(stage);
  const before = await takeSnapshot(stage);

  const look = async (phase: Seen['phase'], run: CliResult, mayEnd: Seen['mayEnd'], wasKilled: boolean) => {
    const traffic = await stage.prober.take();
    requests += traffic.requests;
    const after = await takeSnapshot(stage);
    const seen: Seen = {
      phase,
      scenario,
      run,
      mayEnd,
      wasKilled,
      before,
      after,
      stage,
      failedRequests:
        scenario.serves && fault.hitsGateway !== true ? uncut(traffic.failures, fault.mayCutRequests ?? 0) : undefined,
      leaks: [...stage.sampler.take(), ...leaksOnDisk(run)],
      usualFiles,
    };
    for (const [name, invariant] of Object.entries(invariants)) {
      const found = invariant(seen);
      violations.push(...found.slice(0, 5).map((evidence) => `${name}, ${phase} run: ${evidence}`));
      if (found.length > 5) violations.push(`${name}, ${phase} run: and ${found.length - 5} more`);
    }
    return after;
  };

  const args = scenario.args(before);
  const input = scenario.input?.(stage);
  const hit = await fault.hit(stage, args, input);
  if (!hit.happened) violations.push(`the fault did not happen; the run said: ${hit.run.stderr}`);
  const { signal } = hit.run;
  const afterHit = await look('hit', hit.run, fault.mayEnd, fault.leavesWork ?? signal === 'SIGKILL');

  const hasJournal = afterHit.journals.some((journal) => !before.journals.includes(journal));
  if (goOn === 'other') await scenario.prepare(stage);
  const resumes = goOn === 'resume' && scenario.resumes && hasJournal && hit.run.exitCode !== 0;
  const next = await stage.start(resumes ? resumeArgs(hit.run, violations) : args, { input }).ended;
  // What came to its end in spite of the fault has nothing to do now.
  const mayEnd = [scenario.exitCode, ...(hit.run.exitCode === scenario.exitCode ? [0] : [])];
  await look('next', next, mayEnd, false);

  await scenario.third.prepare?.(stage, before);
  const third = await stage.start(scenario.third.args(before)).ended;
  const atEnd = await look('third', third, [0], false);
  if (scenario.serves || scenario.name === 'first') stage.prober.point(atEnd.status?.url ?? undefined);
  if (violations.length > 0) {
    violations.push(...[hit.run, next, third].map((run, index) => `${['hit', 'next', 'third'][index]}: ${said(run)}`));
  }
  return { name: fault.name, seconds: (performance.now() - started) / 1000, violations, requests };
}

/** Failures without those that were under way in a replica when it was killed. */
function uncut(failures: readonly string[], mayCut: number): readonly string[] {
  const cut = failures
    .filter((failure) => failure.includes('closed the connection without an answer'))
    .slice(0, mayCut);
  return failures.filter((failure) => !cut.includes(failure));
}

/** The command that the message names, if it could say one. */
function resumeArgs({ stderr, exitCode }: CliResult, violations: string[]): readonly string[] {
  const named = /agentctl (resume \S+) /.exec(stderr)?.[1];
  if (named === undefined && exitCode === 130) violations.push(`names no run to resume: ${stderr}`);
  return [...(named ?? 'resume').split(' '), '--verbose'];
}

function said({ exitCode, signal, stderr }: CliResult): string {
  return `exit ${exitCode ?? signal}\n${stderr
    .trimEnd()
    .split('\n')
    .slice(-25)
    .map((line) => `      | ${line}`)
    .join('\n')}`;
}

/** The environment that lets the crash happen, and whether it has. */
export function crashPreload(stage: FaultStage, point: Readonly<Record<string, unknown>>) {
  const marker = join(stage.project.root, `fired-${Date.now()}-${Math.random().toString(36).slice(2)}`);
  return {
    preload: {
      module: 'crash-point.mjs',
      environment: { AGENTCTL_TEST_CRASH: JSON.stringify({ ...point, marker }) },
    },
    hasHappened: () => existsSync(marker),
  };
}

/** What a CI system does to a job that is cancelled. */
export async function cancelAsCi(run: CliRun, hasHappened: () => boolean): Promise<void> {
  let isOver = false;
  void run.ended.then(() => (isOver = true));
  await eventually(() => hasHappened() || isOver);
  run.signal('SIGINT');
  await Promise.race([run.ended, sleep(7_500)]);
  run.signal('SIGTERM');
  await Promise.race([run.ended, sleep(2_500)]);
  run.signal('SIGKILL');
}

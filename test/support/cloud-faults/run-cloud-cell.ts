import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellResult } from '../faults/run-cell.js';
import type { CliResult } from '../local-cli.js';
import type { CloudFaultStage } from './cloud-fault-stage.js';
import { cloudInvariants, type SeenRun } from './cloud-invariants.js';
import type { CloudScenario } from './cloud-scenario.js';
import { watchedRun } from './watched-run.js';

/** How one fault is done, whatever its kind. */
export interface CloudFault {
  readonly name: string;
  readonly scenario: CloudScenario;
  /** Starts the command and lets the fault happen; false: it never did, so that the cell proves nothing. */
  hit(
    stage: CloudFaultStage,
    args: readonly string[],
    input: string | undefined,
  ): Promise<{ readonly run: CliResult; readonly happened: boolean }>;
  /** Exit codes and signals that the hit run may end with. */
  readonly mayEnd: readonly (number | NodeJS.Signals)[];
  /** `resume`: the run that was hit is gone on with, if it has a journal. @default 'again' */
  readonly goOn?: 'resume' | 'again';
  /** Whether requests may fail: something takes the stage away on purpose. @default false */
  readonly mayStopServing?: boolean;
  /** Whether the hit run may leave its lock, because that is what it may not remove. @default false */
  readonly mayLeaveLock?: boolean;
}

/** Hits a command, goes on after it, runs it once more when there was something to do, and looks at everything after each. */
export async function runCloudCell(stage: CloudFaultStage, fault: CloudFault): Promise<CellResult> {
  const started = performance.now();
  const { scenario } = fault;
  const violations: string[] = [];
  let requests = 0;
  await stage.prober.take();
  await scenario.prepare(stage);
  const before = await stage.snapshot();

  const look = async (phase: SeenRun['phase'], run: CliResult, mayEnd: SeenRun['mayEnd']) => {
    const traffic = await stage.prober.take();
    requests += traffic.requests;
    const after = await stage.snapshot();
    const seen: SeenRun = {
      phase,
      scenario,
      run,
      mayEnd,
      mayLeaveLock: phase === 'hit' && fault.mayLeaveLock === true,
      wasKilled: run.signal === 'SIGKILL',
      before,
      after,
      problems: scenario.problems(before, after, stage),
      boundSeconds: stage.cloud.boundSeconds,
      version: stage.version,
      failedRequests: scenario.serves && fault.mayStopServing !== true ? traffic.failures : [],
      canaries: stage.canaries(),
      saidIdle: scenario.idle.isSaid(run.stdout),
    };
    const found = Object.entries(cloudInvariants).flatMap(([name, invariant]) =>
      invariant(seen)
        .slice(0, 5)
        .map((evidence) => `${name}, ${phase} run: ${evidence}`),
    );
    violations.push(...found);
    if (found.length > 0) violations.push(`${phase}: ${said(run)}`);
    return after;
  };

  const args = scenario.args(before);
  const input = scenario.input?.(stage);
  const journals = journalsOf(stage);
  const hit = await fault.hit(stage, args, input);
  if (!hit.happened) violations.push('the fault did not happen');
  await look('hit', hit.run, fault.mayEnd);
  if (fault.mayLeaveLock === true) stage.cloud.orphanLock();
  // What came to its end in spite of the fault has nothing to do now, which the next run has to say.
  if (hit.run.exitCode !== 0) {
    const resumes = fault.goOn === 'resume' && journalsOf(stage).some((one) => !journals.includes(one));
    const next = resumes ? await watchedRun(stage, ['resume']) : await watchedRun(stage, args, { input });
    await look('next', next, [0]);
  }
  const atEnd = await look('third', await watchedRun(stage, scenario.idle.args(before)), [0]);
  if (scenario.name !== 'destroy') stage.prober.point(atEnd.url);
  return { name: fault.name, seconds: (performance.now() - started) / 1000, violations, requests };
}

/** Those that a run can be resumed from: a run that was killed before it wrote a line is begun again, as `resume` says. */
function journalsOf({ cloud }: CloudFaultStage): readonly string[] {
  const directory = join(cloud.directory, `.agentctl/${cloud.name}/production/runs`);
  const files = existsSync(directory) ? readdirSync(directory) : [];
  return files.filter((file) => readFileSync(join(directory, file), 'utf8').includes('\n'));
}

function said({ exitCode, signal, stdout, stderr, seconds }: CliResult): string {
  const lines = `${stdout}${stderr}`
    .trimEnd()
    .split('\n')
    .slice(-12)
    .map((line) => `      | ${line.slice(0, 600)}`);
  return [`exit ${exitCode ?? signal} after ${seconds.toFixed(1)} s`, ...lines].join('\n');
}

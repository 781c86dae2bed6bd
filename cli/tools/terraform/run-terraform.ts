import { ExecaError } from 'execa';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { run } from '../run.js';
import { isFreed, isOfRelease, leftLockIn, lockedByOthers, lockIn, type StateLock } from './state-lock.js';
import { unlockArguments } from './terraform-commands.js';
import { terraformFailed, type TerraformPhase } from './terraform-failure.js';
import { errorsIn, type TerraformDiagnostic } from './ui-line.js';

/** Where a command of Terraform runs, and on what. */
export interface TerraformPlace {
  /** Of the stack, for messages. */
  readonly name: string;
  readonly command: string;
  /** The work directory. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a command said. */
export interface TerraformAnswer {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * Runs one command of Terraform. Exit code 2 of `plan` is an answer.
 *
 * @throws Interrupted, or what Terraform says is wrong; nothing that it printed but its diagnostics
 */
export async function runTerraform(
  { name, command, path, env }: TerraformPlace,
  args: readonly string[],
  { signal, phase }: { readonly signal: AbortSignal; readonly phase: TerraformPhase },
): Promise<TerraformAnswer> {
  signal.throwIfAborted();
  const lines: string[] = [];
  // Values are printed as JSON that is no line of the UI: kept by `run` for its caller, not here.
  const onLine = (line: string): unknown =>
    (lines.length < keptLines || line.includes('"diagnostic"')) && lines.push(line);
  try {
    return { exitCode: 0, stdout: await run({ argv: [command, ...args], cwd: path, env }, { signal, onLine }) };
  } catch (error) {
    if (signal.aborted) throw interrupted(name, phase);
    const exit = exitOf(error);
    if (exit === undefined) throw error;
    if (exit.exitCode === 2 && args.includes('-detailed-exitcode')) return exit;
    const told = errorsIn(lines);
    const diagnostics = await withoutLeftLock({ name, command, path, env }, told, signal);
    if (told.length > 0 && diagnostics.length === 0) return { exitCode: 0, stdout: exit.stdout };
    const lock = lockIn(diagnostics);
    throw lock === undefined
      ? terraformFailed(name, phase, diagnostics)
      : // Without a state `init` makes an empty one, for which it needs the lock as well, and so does `force-unlock`.
        lockedByOthers(
          name,
          lock,
          phase === 'init' ? `gcloud storage rm ${lock.path}` : unlockCommand({ command, path }, lock.id),
        );
  }
}

/**
 * Frees the lock that a command of ours, which has ended, could not free: nobody else ever would. Returns what else went wrong.
 *
 * @throws StepFailed when it cannot be freed now either
 */
export async function withoutLeftLock(
  place: TerraformPlace,
  diagnostics: readonly TerraformDiagnostic[],
  signal: AbortSignal,
): Promise<readonly TerraformDiagnostic[]> {
  const left = leftLockIn(diagnostics);
  const others = diagnostics.filter((one) => !isOfRelease(one));
  if (left === undefined) return others;
  const argv = [place.command, ...unlockArguments(left.id)] as const;
  const lines: string[] = [];
  const onLine = (line: string): unknown => lines.push(line);
  try {
    await run({ argv, cwd: place.path, env: place.env }, { signal, onLine });
  } catch (cause) {
    if (signal.aborted) throw interrupted(place.name, 'apply');
    if (!isFreed(lines.join(' '))) throw lockLeft(place, left, others, cause);
  }
  return others;
}

function lockLeft(
  place: TerraformPlace,
  lock: StateLock,
  others: readonly TerraformDiagnostic[],
  cause: unknown,
): AgentctlError {
  const { name } = place;
  const detail = [`lock ${lock.id} of ${lock.path}`, ...others.map(({ summary }) => summary)].join('\n');
  return new AgentctlError('StepFailed', `the lock of the state of ${name} could not be freed`, {
    fix: `run it again on this machine: it frees the lock and goes on. By hand: ${unlockCommand(place, lock.id)}`,
    detail,
    data: { stack: name, ...lock },
    cause,
  });
}

/** What frees a lock by hand, in a directory where Terraform knows its backend. */
export function unlockCommand({ command, path }: Pick<TerraformPlace, 'command' | 'path'>, lockId: string): string {
  return `${command} -chdir=${path} ${unlockArguments(lockId)
    .filter((argument) => argument !== '-no-color')
    .join(' ')}`;
}

/** Enough for any text of an error. */
const keptLines = 2000;

function exitOf(error: unknown): TerraformAnswer | undefined {
  if (!isAgentctlError(error) || error.code !== 'ToolFailed' || !(error.cause instanceof ExecaError)) return undefined;
  const { exitCode, stdout } = error.cause;
  return { exitCode: exitCode ?? -1, stdout: typeof stdout === 'string' ? stdout : '' };
}

function interrupted(name: string, phase: TerraformPhase): AgentctlError {
  const when = phase === 'apply' ? 'while' : 'before';
  return new AgentctlError('Interrupted', `interrupted ${when} stack ${name} was deployed`, {
    fix: 'go on where it is: agentctl resume',
  });
}

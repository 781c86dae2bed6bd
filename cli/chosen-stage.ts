import { dirname, join, resolve } from 'node:path';
import type { TargetKind } from '../stacks/spec/index.js';
import { chosenTarget, defaultStage } from './chosen-target.js';
import type { CommonOptions } from './command-context.js';
import { AgentctlError } from './errors.js';
import { quotedForShell } from './quoted-for-shell.js';
import { newRunId } from './run-plan.js';

/** Which stage of which project on which target a command is about. */
export interface ChosenStage {
  readonly kind: TargetKind;
  readonly stage: string;
  /** Absolute; where the config file is, or was. */
  readonly directory: string;
  readonly stateDirectory: string;
  /** Flags that repeat the choice, for hints: `--cloud local -C examples/quickstart`. */
  readonly flags: string;
  /** Names what the command does there. */
  readonly runId: string;
}

/**
 * `kind`: for a command that does not deploy, and so knows more targets.
 *
 * @throws UsageInvalid for no or an unknown target, TargetUnavailable for one that this version cannot deploy to
 */
export function chooseStage(
  options: CommonOptions,
  workingDirectory: string,
  kind: TargetKind = deployableTarget(options.cloud),
): ChosenStage {
  const { file, directory: named = '.' } = options;
  const stage = options.stage ?? defaultStage(kind);
  const start = resolve(workingDirectory, named);
  const directory = file === undefined || file === '-' ? start : dirname(resolve(start, file));
  return {
    kind,
    stage,
    directory,
    stateDirectory: join(directory, '.agentctl', kind, stage),
    flags: flagsOf(options, kind),
    runId: newRunId(new Date(), `${process.pid} ${process.hrtime.bigint()}`),
  };
}

function deployableTarget(cloud: string | undefined): TargetKind {
  const kind = chosenTarget(cloud);
  if (kind === 'local' || kind === 'aws' || kind === 'gcp') return kind;
  throw new AgentctlError('TargetUnavailable', `this version of agentctl does not deploy to ${kind} yet`, {
    fix: 'deploy with --cloud aws or gcp, or to this machine with --cloud local; `agentctl validate` checks the file for every target already',
  });
}

function flagsOf({ directory, file, stage }: CommonOptions, kind: TargetKind): string {
  return [
    `--cloud ${kind}`,
    ...(stage === undefined ? [] : [`--stage ${quotedForShell(stage)}`]),
    ...(directory === undefined ? [] : [`-C ${quotedForShell(directory)}`]),
    ...(file === undefined ? [] : [`-f ${quotedForShell(file)}`]),
  ].join(' ');
}

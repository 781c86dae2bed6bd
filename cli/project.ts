import { join, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { type AgentSpec, targetKinds, type TargetKind } from '../stacks/spec/index.js';
import type { CommandContext, CommonOptions } from './command-context.js';
import { loadSpec } from './config/load-spec.js';
import type { ConfigProblem } from './config/problem.js';
import { renderProblems } from './config/render-problems.js';
import { AgentctlError } from './errors.js';
import { newRunId } from './run-plan.js';
import type { Target } from './targets/target.js';

/** A config file, read and checked for one stage and one target. */
export interface Project {
  readonly spec: AgentSpec;
  readonly specHash: string;
  readonly stage: string;
  /** Absolute; where the config file is. */
  readonly directory: string;
  readonly target: Target;
  readonly runId: string;
  /** Settings that the target honours in a way of its own. */
  readonly warnings: readonly ConfigProblem[];
  /** Flags that repeat the choice of project, for hints: `--cloud local -C examples/quickstart`. */
  readonly flags: string;
}

/**
 * Reads the config file for the chosen stage and target. `planFile`: absolute path of a plan that is read or written.
 *
 * @throws SpecInvalid with every problem, SpecNotFound, UsageInvalid or TargetUnavailable
 */
export async function openProject(
  options: CommonOptions,
  context: CommandContext,
  planFile?: string,
): Promise<Project> {
  const kind = chosenTarget(options.cloud);
  const stage = options.stage ?? defaultStage(kind);
  const directory = resolve(context.workingDirectory, options.directory ?? '.');
  const loaded = await loadSpec({
    directory,
    ...(options.file === undefined ? {} : { file: options.file }),
    stage,
    target: kind,
    stdin: context.readStdin,
  });
  if (loaded.kind === 'invalid') throw specInvalid(loaded.problems, loaded.file);

  const { spec, specHash, warnings } = loaded;
  const projectDirectory = loaded.directory;
  const flags = projectFlags(options, kind);
  const runId = newRunId(new Date(), `${process.pid} ${process.hrtime.bigint()}`);
  const stateDirectory = join(projectDirectory, '.agentctl', kind, stage);
  if (kind !== 'local') {
    throw new AgentctlError('TargetUnavailable', `this version of agentctl does not deploy to ${kind} yet`, {
      fix: 'deploy to this machine with --cloud local; `agentctl validate` checks the file for every target already',
    });
  }
  const { localTarget } = await import('./targets/local/local-target.js');
  const target = localTarget({
    spec,
    specHash,
    stage,
    projectDirectory,
    stateDirectory,
    environment: context.environment,
    leftOut: [resolve(projectDirectory, loaded.file), ...(planFile === undefined ? [] : [planFile])],
    flags,
  });
  return {
    spec,
    specHash,
    stage,
    directory: projectDirectory,
    target,
    runId,
    warnings,
    flags: projectFlags(options, kind),
  };
}

/** The stage when none is named. */
export function defaultStage(target: TargetKind | undefined): string {
  return target === 'local' ? 'local' : 'production';
}

/** @throws UsageInvalid for no or an unknown target, TargetUnavailable for one that this version cannot deploy to */
export function chosenTarget(cloud: string | undefined): TargetKind {
  if (cloud === undefined) {
    throw new AgentctlError('UsageInvalid', 'no target was chosen', {
      fix: `pass --cloud ${targetKinds.join('|')}, or set AGENTCTL_CLOUD`,
    });
  }
  const kind = targetKinds.find((candidate) => candidate === cloud);
  if (kind === undefined) {
    const near = targetKinds.find((candidate) => distance(candidate, cloud.toLowerCase()) <= 2);
    throw new AgentctlError('UsageInvalid', `--cloud "${cloud}" is not a target`, {
      fix: `${near === undefined ? '' : `did you mean ${near}? `}allowed: ${targetKinds.join(', ')}`,
    });
  }
  return kind;
}

/** The one error that stands for all problems of a config file. */
export function specInvalid(problems: readonly ConfigProblem[], file: string): AgentctlError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new AgentctlError('SpecInvalid', `${count} in ${file === '-' ? 'standard input' : file}`, {
    fix: 'mend what is shown above, then check with `agentctl validate`',
    detail: renderProblems(problems, { summary: false }),
    data: { problems },
  });
}

function projectFlags({ directory, file, stage }: CommonOptions, kind: TargetKind): string {
  return [
    `--cloud ${kind}`,
    ...(stage === undefined ? [] : [`--stage ${stage}`]),
    ...(directory === undefined ? [] : [`-C ${directory}`]),
    ...(file === undefined ? [] : [`-f ${file}`]),
  ].join(' ');
}

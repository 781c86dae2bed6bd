import { join, resolve } from 'node:path';
import type { AgentSpec, TargetKind } from '../stacks/spec/index.js';
import { chosenTarget, defaultStage } from './chosen-target.js';
import type { CommandContext, CommonOptions } from './command-context.js';
import { loadSpec } from './config/load-spec.js';
import type { ConfigProblem } from './config/problem.js';
import { AgentctlError } from './errors.js';
import { newRunId } from './run-plan.js';
import { specInvalid } from './spec-invalid.js';
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

function projectFlags({ directory, file, stage }: CommonOptions, kind: TargetKind): string {
  return [
    `--cloud ${kind}`,
    ...(stage === undefined ? [] : [`--stage ${stage}`]),
    ...(directory === undefined ? [] : [`-C ${directory}`]),
    ...(file === undefined ? [] : [`-f ${file}`]),
  ].join(' ');
}

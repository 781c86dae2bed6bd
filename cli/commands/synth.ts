import { join, resolve } from 'node:path';
import { chosenTarget } from '../chosen-target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import type { StartedProgram } from '../tools/programs/start-program.js';

export interface SynthOptions extends CommonOptions {
  /** Where the files go. @default - `.agentctl/synth/<cloud>-<stage>/` beside the config file */
  readonly output?: string;
}

/**
 * Writes what would be deployed as files, in the words of the target: a Compose project, CloudFormation templates, Terraform
 * configurations. Running it again changes nothing.
 *
 * @throws TargetUnavailable for a target this version does not synthesize; what {@link readProject} throws
 */
export async function synth(options: SynthOptions, context: CommandContext): Promise<CommandResult> {
  const kind = chosenTarget(options.cloud);
  if (kind === 'azure' || kind === 'kubernetes') {
    throw new AgentctlError('TargetUnavailable', `this version does not synthesize for ${kind}`, {
      fix: 'use --cloud local, aws or gcp: it synthesizes for no other target',
    });
  }
  const program = kind === 'local' ? undefined : await startSynthesis(kind, context);
  // Only now: loading what reads the file takes as long as the program takes to come up.
  const [{ readProject }, { chooseStage }] = await Promise.all([import('../project.js'), import('../chosen-stage.js')]);
  const project = await readProject(options, context, chooseStage(options, context.workingDirectory, kind));
  const directory =
    options.output === undefined
      ? join(project.directory, '.agentctl', 'synth', `${kind}-${project.stage}`)
      : resolve(context.workingDirectory, options.output);
  if (program === undefined) {
    const { synthLocal } = await import('../synth/synth-local.js');
    return await synthLocal(project, directory, context);
  }
  if (kind === 'gcp') {
    const { synthGcp } = await import('../synth/synth-gcp.js');
    return await synthGcp(project, directory, program, context);
  }
  const { synthAws } = await import('../synth/synth-aws.js');
  return await synthAws(project, directory, program, context);
}

/** Brings the program up that holds the cloud's library, while the file is read and checked. */
async function startSynthesis(cloud: 'aws' | 'gcp', context: CommandContext): Promise<StartedProgram> {
  const { startProgram } = await import('../tools/programs/start-program.js');
  const { environment, interrupt, atEnd } = context;
  const program = startProgram(`synth-${cloud}`, { environment, signal: interrupt.signal });
  atEnd(async () => await Promise.resolve(program.stop()));
  return program;
}

import { join, resolve } from 'node:path';
import { chooseStage } from '../chosen-stage.js';
import { chosenTarget } from '../chosen-target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { readProject } from '../project.js';

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
  const project = await readProject(options, context, chooseStage(options, context.workingDirectory, kind));
  const directory =
    options.output === undefined
      ? join(project.directory, '.agentctl', 'synth', `${kind}-${project.stage}`)
      : resolve(context.workingDirectory, options.output);
  if (kind === 'local') {
    const { synthLocal } = await import('../synth/synth-local.js');
    return await synthLocal(project, directory, context);
  }
  if (kind === 'gcp') {
    const { synthGcp } = await import('../synth/synth-gcp.js');
    return await synthGcp(project, directory, context);
  }
  const { synthAws } = await import('../synth/synth-aws.js');
  return await synthAws(project, directory, context);
}

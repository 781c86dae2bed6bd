import { join, resolve } from 'node:path';
import { chosenTarget } from '../chosen-target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';

export interface SynthOptions extends CommonOptions {
  /** Where the files go. @default - `.agentctl/synth/<cloud>-<stage>/` beside the config file */
  readonly output?: string;
}

/**
 * Writes what would be deployed as files, in the words of the target: a Compose project, CloudFormation templates. Running it
 * again changes nothing.
 *
 * @throws TargetUnavailable for a target this version does not synthesize; what {@link openProject} throws
 */
export async function synth(options: SynthOptions, context: CommandContext): Promise<CommandResult> {
  const kind = chosenTarget(options.cloud);
  if (kind !== 'local' && kind !== 'aws') {
    throw new AgentctlError('TargetUnavailable', `this version does not synthesize for ${kind}`, {
      fix: 'use --cloud local or --cloud aws: it synthesizes for no other target',
    });
  }
  const project = await openProject(options, context);
  const directory =
    options.output === undefined
      ? join(project.directory, '.agentctl', 'synth', `${kind}-${project.stage}`)
      : resolve(context.workingDirectory, options.output);
  if (kind === 'local') {
    const { synthLocal } = await import('../synth/synth-local.js');
    return await synthLocal(project, directory, context);
  }
  const { synthAws } = await import('../synth/synth-aws.js');
  return await synthAws(project, directory, context);
}

import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { CommandContext } from '../command-context.js';
import { AgentctlError, messageOf } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import type { SynthesizedStage } from '../targets/aws/synthesize-stage.js';
import type { SynthOptions } from './synth.js';

type Problem = SynthesizedStage['problems'][number];

/**
 * Writes the CloudFormation templates of a stage as a cloud assembly, which `cdk deploy --app DIRECTORY` takes as well, and
 * checks them. Needs neither credentials nor a network.
 *
 * @throws Refused when a template breaks a rule
 */
export async function synthAws(options: SynthOptions, context: CommandContext): Promise<CommandResult> {
  const { io, workingDirectory, environment, interrupt } = context;
  const { spec, stage, directory } = await openProject(options, context);
  const outdir =
    options.output === undefined
      ? join(directory, '.agentctl', 'synth', `aws-${stage}`)
      : resolve(workingDirectory, options.output);
  await mkdir(outdir, { recursive: true }).catch((cause: unknown) => {
    const fix = 'pass a directory with -o';
    throw new AgentctlError('UsageInvalid', `cannot write to ${outdir}: ${messageOf(cause)}`, { fix, cause });
  });
  const { synthesizeStage } = await import('../targets/aws/synthesize-stage.js');
  const cacheDirectory = join(directory, '.agentctl', 'cache', 'validate');
  const made = await synthesizeStage({ spec, stage, outdir, cacheDirectory, environment, signal: interrupt.signal });
  const errors = made.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw refused(errors);
  for (const problem of made.problems) io.warn(problemText(problem));
  if (made.unknownImages.length > 0) {
    const note =
      'images that have to be built first have a digest of zeros in the templates: a deploy puts the real one in';
    io.note(io.style.dim(note));
  }
  const shown = relative(workingDirectory, outdir) || '.';
  const width = Math.max(...made.stacks.map(({ name }) => name.length));
  const lines = made.stacks.map(({ name, resources }) => `  ${name.padEnd(width)}  ${resources} resources`);
  return {
    exitCode: 0,
    text: [`${shown}/`, ...lines].join('\n'),
    data: { directory: outdir, stacks: made.stacks, problems: made.problems, unknownImages: made.unknownImages },
  };
}

function problemText({ stack, rule, message, logicalId }: Problem): string {
  return `${stack}${logicalId === undefined ? '' : `, ${logicalId}`}: ${message} (${rule})`;
}

function refused(errors: readonly Problem[]): AgentctlError {
  const what =
    errors.length === 1 ? 'a template breaks a rule' : `the templates break rules in ${errors.length} places`;
  return new AgentctlError('Refused', what, {
    fix: 'change what the lines above name in agentctl.yaml; if nothing there leads to it, please report this',
    detail: errors.map((problem) => `  ${problemText(problem)}`).join('\n'),
    data: { problems: errors },
  });
}

import { chooseStage } from '../chosen-stage.js';
import type { CommandContext } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { readProject } from '../project.js';
import type { BootstrapOptions } from './bootstrap.js';

/** Prepares a project of Google Cloud, once: the APIs that Terraform needs to begin, and the bucket for its states, locks and releases. */
export async function bootstrapGcp(options: BootstrapOptions, context: CommandContext): Promise<CommandResult> {
  if (options.github !== undefined || options.environment !== undefined) {
    throw new AgentctlError(
      'TargetUnavailable',
      'this version of agentctl makes no identity for GitHub on Google Cloud yet',
      {
        fix: 'make it with the construct GithubDeployIdentity of agentctl/gcp, and leave --github and --environment out',
      },
    );
  }
  const { io, environment, interrupt } = context;
  const { spec } = await readProject(options, context, chooseStage(options, context.workingDirectory));
  const { gcp } = spec.clouds;
  if (gcp === undefined) throw new Error('the spec has no clouds.gcp');
  const { project } = gcp;
  const region = options.region ?? gcp.region;
  const { openGcpBootstrap } = await import('../targets/gcp/bootstrap-stage.js');
  const opened = openGcpBootstrap({ environment, project, region });
  const { account, bucket, todo } = await opened.look(interrupt.signal);
  const data = { project, region, bucket };
  if (todo.length === 0) {
    return {
      exitCode: 0,
      note: `nothing to do: ${project} is prepared`,
      text: bucket,
      data: { ...data, changed: false },
    };
  }
  io.note([account ?? 'whoever has the token', ...todo.map((line) => `  ${line}`)].join('\n'));
  await confirmPlan(`Prepare project ${project}?`, options, io);
  const { changed } = await opened.prepare(interrupt.signal, (line) => io.note(io.style.dim(`  ${line}`)));
  return { exitCode: 0, note: `${project} is prepared`, text: bucket, data: { ...data, changed } };
}

import { chooseStage } from '../chosen-stage.js';
import type { CommandContext } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { readProject } from '../project.js';
import type { BootstrapOptions } from './bootstrap.js';
import { githubOptions } from './github-options.js';

/**
 * Prepares a project of Google Cloud, once: the APIs that Terraform needs to begin, the bucket for its states, locks and releases,
 * and on request an identity for workflows of GitHub.
 */
export async function bootstrapGcp(options: BootstrapOptions, context: CommandContext): Promise<CommandResult> {
  const github = githubOptions(options);
  // It is part of a condition in CEL, and of the name of a principal.
  if (github !== undefined && !/^[\w.-]+$/.test(github.environment)) {
    throw new AgentctlError(
      'UsageInvalid',
      `--environment "${github.environment}" has other characters than letters, digits, ".", "_" and "-"`,
      {
        fix: 'give the environment of GitHub such a name',
      },
    );
  }
  const { io, environment, interrupt } = context;
  const { spec, stage } = await readProject(options, context, chooseStage(options, context.workingDirectory));
  const { gcp } = spec.clouds;
  if (gcp === undefined) throw new Error('the spec has no clouds.gcp');
  const { project } = gcp;
  const region = options.region ?? gcp.region;
  const { openGcpBootstrap } = await import('../targets/gcp/bootstrap-stage.js');
  const { workflowHint } = await import('../targets/gcp/github-identity.js');
  const wanted = github === undefined ? undefined : { ...github, spec, stage, project };
  const opened = openGcpBootstrap({ environment, project, region, github: wanted });
  const { account, bucket, todo } = await opened.look(interrupt.signal);
  const result = (changed: boolean, identity: BootstrapIdentity | undefined, note: string): CommandResult => ({
    exitCode: 0,
    note:
      identity === undefined
        ? note
        : `${note}; a workflow whose token says ${identity.subject} becomes ${identity.email} by:\n${workflowHint(identity)}`,
    text: bucket,
    data: { project, region, bucket, changed, identity: identity ?? null },
  });
  if (todo.length === 0) {
    const { identity } = await opened.prepare(interrupt.signal, () => undefined);
    return result(false, identity, `nothing to do: ${project} is prepared`);
  }
  io.note([account ?? 'whoever has the token', ...todo.map((line) => `  ${line}`)].join('\n'));
  await confirmPlan(`Prepare project ${project}?`, options, io);
  const { changed, identity } = await opened.prepare(interrupt.signal, (line) => io.note(io.style.dim(`  ${line}`)));
  return result(changed, identity, `${project} is prepared`);
}

interface BootstrapIdentity {
  readonly subject: string;
  readonly email: string;
  readonly provider: string;
}

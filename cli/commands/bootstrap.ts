import { chosenTarget } from '../chosen-target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import { githubOptions } from './github-options.js';

export interface BootstrapOptions extends CommonOptions {
  readonly yes?: boolean;
  /** `owner/repo`: makes a role that its workflows may take on. */
  readonly github?: string;
  /** Environment of GitHub that the workflows run in. */
  readonly environment?: string;
  /** Where. @default - the config file's, then AWS_REGION, then the profile's */
  readonly region?: string;
}

/** Prepares an account and region, once: the bucket for locks, releases and templates, its key, and on request a role for CI. */
export async function bootstrap(options: BootstrapOptions, context: CommandContext): Promise<CommandResult> {
  const kind = chosenTarget(options.cloud);
  if (kind === 'gcp') return await (await import('./bootstrap-gcp.js')).bootstrapGcp(options, context);
  if (kind !== 'aws') {
    throw new AgentctlError('UsageInvalid', `there is nothing to prepare for ${kind}`, {
      fix: 'pass --cloud aws or --cloud gcp',
    });
  }
  const { io, environment, interrupt } = context;
  githubOptions(options);
  const { githubSubject, openBootstrap } = await import('../targets/aws/bootstrap-stage.js');
  const { name, ...place } = await placeOf(options, context);
  const role = roleOf(options, name);
  const opened = openBootstrap({ environment, ...place });
  context.atEnd(opened.close);
  const before = await opened.look(interrupt.signal);
  const { accountId, region, arn } = before;
  const wanted = role === undefined ? undefined : { subject: githubSubject(role), stackPrefix: `${role.name}-` };
  const lines = [
    `${before.isNew ? 'creates' : 'updates'} the stack agentctl-bootstrap in account ${accountId}, ${region}`,
    ...roleLines(wanted, before.role),
  ];
  io.note([arn, ...lines.map((line) => `  ${line}`)].join('\n'));
  await confirmPlan(`Prepare account ${accountId} in ${region}?`, options, io);
  const done = await opened.deploy(role, {
    signal: interrupt.signal,
    log: (line) => io.note(io.style.dim(`  ${line}`)),
  });
  const note = done.changed
    ? `${accountId} is prepared in ${region}`
    : `nothing to do: ${accountId} is prepared in ${region}`;
  return {
    exitCode: 0,
    note:
      wanted === undefined
        ? note
        : `${note}; a workflow whose token says ${wanted.subject} may take on ${done.roleArn}`,
    text: done.bucket,
    data: {
      accountId,
      region,
      ...done,
      roleArn: done.roleArn ?? null,
      role: wanted ?? before.role ?? null,
    },
  };
}

type Role = { readonly subject: string; readonly stackPrefix: string };

/** What becomes of the role, of which there is one per account and region. */
function roleLines(wanted: Role | undefined, before: Role | undefined): readonly string[] {
  const about = ({ subject, stackPrefix }: Role): string =>
    `${subject}, for stacks ${stackPrefix}* (docs/aws.md says what it may do)`;
  if (wanted === undefined) return before === undefined ? [] : [`keeps the deploy role of ${about(before)}`];
  const isSame = before?.subject === wanted.subject && before.stackPrefix === wanted.stackPrefix;
  if (before === undefined || isSame) return [`a deploy role that GitHub gives to ${about(wanted)}`];
  return [
    `a deploy role that GitHub gives to ${about(wanted)}`,
    `! takes it away from ${before.subject}, for stacks ${before.stackPrefix}*: there is one role per account and region`,
  ];
}

/** @throws UsageInvalid without an agent whose stacks the role may deploy */
function roleOf({ github, environment }: BootstrapOptions, name: string | undefined) {
  if (github === undefined || environment === undefined) return undefined;
  if (name === undefined) {
    throw new AgentctlError('UsageInvalid', 'there is no agent here whose stacks the role could deploy', {
      fix: 'run it where agentctl.yaml is, or pass -C DIRECTORY',
    });
  }
  return { github, environment, name };
}

/** The config file says where, if there is one that can be read. */
async function placeOf(options: BootstrapOptions, context: CommandContext) {
  const found = await openProject(options, context).catch(() => undefined);
  const { region, account } = found?.spec.clouds.aws ?? {};
  const name = found?.spec.name;
  if (options.region !== undefined) return { name, region: options.region };
  return { name, region, accountId: account };
}

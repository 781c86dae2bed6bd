import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject, type Project } from '../project.js';
import { table } from '../report/table.js';

/** `secrets set NAME` takes the value from a prompt or from stdin, never from argv; `secrets list` shows names only. */
export async function secrets(
  verb: string | undefined,
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const project = await openProject(options, context);
  if (verb === 'list') return await list(project);
  if (verb === 'set') return await set(project, name, context);
  throw new AgentctlError('UsageInvalid', `"${verb ?? ''}" is not something to do with secrets`, {
    fix: 'use `agentctl secrets set NAME` or `agentctl secrets list`',
  });
}

async function list({ spec, target }: Project): Promise<CommandResult> {
  const present = new Set(await target.secretNames());
  const rows = spec.secrets.map((name) => ({ name, set: present.has(name) }));
  const text =
    rows.length === 0
      ? 'the config file declares no secrets'
      : table([['SECRET', 'STATE'], ...rows.map((row) => [row.name, row.set ? 'set' : 'missing'])]);
  return { exitCode: 0, text, data: { secrets: rows } };
}

async function set({ spec, target, flags }: Project, name: string | undefined, context: CommandContext) {
  if (name === undefined || !spec.secrets.includes(name)) {
    const declared = spec.secrets.length === 0 ? 'none' : spec.secrets.join(', ');
    throw new AgentctlError('UsageInvalid', `"${name ?? ''}" is not a secret of this agent`, {
      fix: `add it to \`secrets:\` in the config file; declared now: ${declared}`,
    });
  }
  const value = context.io.canAsk ? await context.io.askSecret(`Value of ${name}:`) : await context.readStdin();
  const trimmed = value.replace(/\r?\n$/, '');
  if (trimmed === '') {
    throw new AgentctlError('UsageInvalid', `the value of ${name} is empty`, {
      fix: `pass it on stdin: agentctl secrets set ${name} ${flags} < file`,
    });
  }
  await target.setSecret(name, trimmed);
  return {
    exitCode: 0,
    text: `${name} is set; it reaches the services with the next deploy`,
    data: { name, changed: true },
  } satisfies CommandResult;
}

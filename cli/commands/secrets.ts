import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject, type Project } from '../project.js';
import { table } from '../report/table.js';
import { readSecretValue } from './read-secret-value.js';

export interface SecretsOptions extends CommonOptions {
  readonly yes?: boolean;
  /** Seconds for the restart of a rotation. */
  readonly timeout?: number;
  /** Seconds to wait for another run. */
  readonly lockWait?: number;
}

/** What can be done with secrets. */
export type SecretsVerb = 'set' | 'rotate' | 'list';

/** `set` and `rotate` take the value from a prompt or from stdin, never from argv; `list` shows names only. */
export async function secrets(
  verb: SecretsVerb,
  name: string | undefined,
  options: SecretsOptions,
  context: CommandContext,
): Promise<CommandResult> {
  switch (verb) {
    case 'list':
      return await list(await openProject(options, context));
    case 'set':
      return await set(await openProject(options, context), name, context);
    case 'rotate':
      return await (await import('./rotate-secret.js')).rotateSecret(name, options, context);
  }
}

/** For no name, or one that the config file does not declare. */
export function undeclared(name: string | undefined, secretNames: readonly string[]): AgentctlError {
  const declared = secretNames.length === 0 ? 'none' : secretNames.join(', ');
  if (name === undefined) {
    return new AgentctlError('UsageInvalid', 'no secret was named', { fix: `name one of: ${declared}` });
  }
  return new AgentctlError('UsageInvalid', `"${name}" is not a secret of this agent`, {
    fix: `add it to \`secrets:\` in the config file; declared now: ${declared}`,
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
  if (name === undefined || !spec.secrets.includes(name)) throw undeclared(name, spec.secrets);
  await target.setSecret(name, await readSecretValue(name, flags, context));
  return {
    exitCode: 0,
    text: `${name} is set; it reaches the services with the next deploy`,
    data: { name, changed: true },
  } satisfies CommandResult;
}

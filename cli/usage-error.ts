import type { Command, CommanderError } from 'commander';
import { distance } from 'fastest-levenshtein';
import { AgentctlError } from './errors.js';

/** A command line that commander could not take. */
export interface RefusedCommandLine {
  readonly program: Command;
  readonly argv: readonly string[];
  /** What commander wrote to stderr. */
  readonly printed: string;
}

const seeHelp = 'see `agentctl --help`, or `agentctl <command> --help`';

/** Pure: what commander found wrong with a command line, in our words. */
export function usageError(cause: CommanderError, line: RefusedCommandLine): AgentctlError {
  if (cause.code === 'commander.help') return noCommand(line, cause);
  const text = line.printed === '' ? cause.message : line.printed;
  const message = text.replace(/^error: /, '').replace(/\.$/, '');
  return new AgentctlError('UsageInvalid', message, { fix: seeHelp, cause });
}

/** Commander prints its help where a command is missing, and where `help` is asked for one that is not there. */
function noCommand({ program, argv, printed }: RefusedCommandLine, cause: CommanderError): AgentctlError {
  const [first, asked] = argv.filter((word) => !word.startsWith('-'));
  if (first === 'help' && asked !== undefined) {
    const near = namesIn(program).find((name) => distance(name, asked) <= 2);
    const meant = near === undefined ? '' : `\n(Did you mean ${near}?)`;
    return new AgentctlError('UsageInvalid', `unknown command '${asked}'${meant}`, { fix: seeHelp, cause });
  }
  const group = program.commands.find((command) => command.name() === first);
  const fix = group === undefined ? seeHelp : `add one of: ${namesIn(group).join(', ')}`;
  return new AgentctlError('UsageInvalid', 'no command was given', { fix, detail: printed, cause });
}

function namesIn({ commands }: Command): readonly string[] {
  return commands.map((command) => command.name());
}

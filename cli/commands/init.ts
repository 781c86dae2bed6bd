import type { CommandContext, CommonOptions } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
export async function init(_options: CommonOptions, _context: CommandContext): Promise<CommandResult> {
  throw new Error('being written');
}

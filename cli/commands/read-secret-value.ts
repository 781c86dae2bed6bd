import type { CommandContext } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import { isTooShortToMask, shortestValueLength } from '../redact.js';

/**
 * The value of a secret from a prompt, or from standard input without its last line break; never from argv.
 *
 * @throws UsageInvalid when it is empty
 */
export async function readSecretValue(name: string, flags: string, { io, readStdin }: CommandContext): Promise<string> {
  const value = io.canAsk ? await io.askSecret(`Value of ${name}:`) : await readStdin();
  io.mask([value]);
  const trimmed = value.replace(/\r?\n$/, '');
  if (isTooShortToMask(trimmed)) {
    io.warn(
      `the value of ${name} is shorter than ${shortestValueLength} characters: it is not masked in output and logs`,
    );
  }
  if (trimmed !== '') return trimmed;
  throw new AgentctlError('UsageInvalid', `the value of ${name} is empty`, {
    fix: `pass it on stdin: agentctl secrets set ${name} ${flags} < file`,
  });
}

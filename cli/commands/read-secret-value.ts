import type { CommandContext } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import { isTooShortToMask, shortestValueLength } from '../redact.js';

/** What decoding puts in the place of bytes that are no UTF-8. */
const notUtf8 = '\uFFFD';

/**
 * The value of a secret from a prompt, or from standard input without its last line break; never from argv.
 *
 * @throws UsageInvalid when it is empty, or no text that a variable can hold
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
  if (trimmed.includes('\0') || trimmed.includes(notUtf8)) {
    const what = trimmed.includes('\0') ? 'a byte of zero, which no variable can hold' : 'bytes that are not UTF-8';
    throw new AgentctlError('UsageInvalid', `the value of ${name} has ${what}`, {
      fix: 'keep it as text, in base64 for instance, and decode it where it is used',
    });
  }
  if (trimmed !== '') return trimmed;
  throw new AgentctlError('UsageInvalid', `the value of ${name} is empty`, {
    fix: `pass it on stdin: agentctl secrets set ${name} ${flags} < file`,
  });
}

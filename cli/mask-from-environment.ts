import type { CommandContext } from './command-context.js';

/** The shell of a developer often holds what an agent is given as a secret: what is named so is never shown either. */
export function maskFromEnvironment(names: readonly string[], { environment, io }: CommandContext): void {
  io.mask(names.flatMap((name) => environment[name] ?? []));
}

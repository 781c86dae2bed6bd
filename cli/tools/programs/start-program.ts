import { EventEmitter, once } from 'node:events';
import { run } from '../run.js';
import { programCommand, programEnvironment, type ProgramName } from './program-command.js';

/** A program that comes up while it is still being found out what it will be asked. It answers once. */
export interface StartedProgram {
  /** What it writes to standard output. @throws ToolFailed with its last lines, what `run` throws */
  ask(input: string): Promise<string>;
  /** Ends it, where nothing is left to ask. */
  stop(): void;
}

export interface StartProgramOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** @default - {@link programCommand} of the name */
  readonly argv?: readonly [string, ...string[]];
}

/** Starts `bin/<name>`, which loads what it is made of and then waits for its input. */
export function startProgram(name: ProgramName, options: StartProgramOptions): StartedProgram {
  const { environment, signal, argv = programCommand(name) } = options;
  const over = new AbortController();
  const asked = new EventEmitter<{ input: [string] }>();
  const input = once(asked, 'input').then(([text]) => String(text));
  const output = run(
    { argv, env: programEnvironment(environment), input },
    { signal: AbortSignal.any([signal, over.signal]) },
  );
  // Awaited where it is asked; until then, and when it is stopped, nobody listens.
  output.catch(() => undefined);
  return {
    async ask(text) {
      asked.emit('input', text);
      return await output;
    },
    stop: () => over.abort(),
  };
}

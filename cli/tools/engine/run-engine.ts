import { basename } from 'node:path';
import { run, type RunOptions } from '../run.js';
import { engineEnvironment } from './engine-environment.js';
import { engineFailure } from './engine-failure.js';
import type { ContainerEngine } from './container-engine.js';

export interface RunEngineOptions extends Partial<RunOptions> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What it reads as standard input. @default - nothing */
  readonly input?: string;
}

/**
 * Runs one command of an engine to its end and returns what it printed.
 *
 * @throws AgentctlError EnvironmentNotReady for what has a name; ToolFailed with the last lines for anything else
 */
export async function runEngine(
  { program }: Pick<ContainerEngine, 'program'>,
  args: readonly string[],
  { environment, input, signal, onLine }: RunEngineOptions,
): Promise<string> {
  const env = engineEnvironment(environment);
  try {
    return await run(
      { argv: [program, ...args], env, ...(input === undefined ? {} : { input }) },
      { signal: signal ?? new AbortController().signal, ...(onLine === undefined ? {} : { onLine }) },
    );
  } catch (error) {
    throw engineFailure(basename(program), error, args[0]);
  }
}

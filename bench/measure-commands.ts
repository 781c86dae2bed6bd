import { execa } from 'execa';
import { type Measurement, summarize } from './measure.js';

/** One thing to measure: what is done before, untimed, and the command. */
export interface MeasuredCommand {
  readonly name: string;
  readonly prepare?: () => Promise<unknown>;
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** Round by round, as in measure.ts; a command that fails ends the run, as its time would mean nothing. */
export async function measureCommands(
  commands: readonly MeasuredCommand[],
  rounds: number,
): Promise<readonly Measurement[]> {
  const seconds = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, prepare, argv, env } of commands) {
      await prepare?.();
      const [file, ...args] = argv;
      const started = performance.now();
      await execa(file, args, { stdin: 'ignore', ...(env === undefined ? {} : { env }) });
      if (round >= 0) seconds.get(name)?.push((performance.now() - started) / 1000);
    }
  }
  return [...seconds].map(([name, values]) => summarize(name, values));
}

import { execa } from 'execa';

/** How long a command took, over several runs. */
export interface Measurement {
  readonly name: string;
  readonly medianSeconds: number;
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
}

/** Runs each command in turn, round by round, so that a change in the machine's speed meets all of them alike. */
export async function measureCommands(
  commands: readonly { readonly name: string; readonly argv: readonly [string, ...string[]] }[],
  rounds: number,
): Promise<readonly Measurement[]> {
  const seconds = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, argv } of commands) {
      const [file, ...args] = argv;
      const started = performance.now();
      await execa(file, args, { reject: false });
      // Round −1 warms the caches of the file system.
      if (round >= 0) seconds.get(name)?.push((performance.now() - started) / 1000);
    }
  }
  return [...seconds].map(([name, values]) => summarize(name, values));
}

/** Pure: the middle and the ends of a list of times. */
export function summarize(name: string, seconds: readonly number[]): Measurement {
  const sorted = seconds.toSorted((a, b) => a - b);
  return {
    name,
    medianSeconds: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    minimumSeconds: sorted[0] ?? Number.NaN,
    maximumSeconds: sorted.at(-1) ?? Number.NaN,
  };
}

/** Pure: rows with the ratio of each median to that of the first. */
export function ratioTable(title: string, measurements: readonly Measurement[]): string {
  const base = measurements[0]?.medianSeconds ?? Number.NaN;
  const rows = measurements.map(({ name, medianSeconds, minimumSeconds, maximumSeconds }) =>
    [
      name.padEnd(44),
      medianSeconds.toFixed(3).padStart(8),
      `${minimumSeconds.toFixed(3)}–${maximumSeconds.toFixed(3)}`.padStart(15),
      `${(medianSeconds / base).toFixed(2)}×`.padStart(8),
    ].join(' '),
  );
  return [
    `\n${title}`,
    `${''.padEnd(44)} ${'median s'.padStart(8)} ${'min–max'.padStart(15)} ${'ratio'.padStart(8)}`,
    ...rows,
  ].join('\n');
}

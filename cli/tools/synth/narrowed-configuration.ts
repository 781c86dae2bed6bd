import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationFile, lockFile } from '../terraform/work-directory.js';

type Configuration = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * Hands over a directory with a configuration that has only what is there already, so that an apply makes nothing: a first
 * apply that failed would fail again.
 *
 * @param there - addresses in the state
 */
export async function withNarrowed<T>(
  configuration: string,
  there: readonly string[],
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const text = await readFile(join(configuration, configurationFile), 'utf8');
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-narrowed-'));
  try {
    const narrowed = narrowedConfiguration(JSON.parse(text), new Set(there));
    await writeFile(join(directory, configurationFile), JSON.stringify(narrowed, undefined, 2));
    await copyFile(join(configuration, lockFile), join(directory, lockFile)).catch(() => undefined);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Pure: a configuration without resources that are not there, and then without outputs, which may refer to them. */
export function narrowedConfiguration(configuration: Configuration, there: ReadonlySet<string>): Configuration {
  const { resource = {}, output: _output, ...others } = configuration;
  const addresses = Object.entries(resource).flatMap(([type, named]) =>
    Object.keys(named ?? {}).map((name) => `${type}.${name}`),
  );
  if (addresses.every((address) => there.has(address))) return configuration;
  const kept = Object.entries(resource).flatMap(([type, named]) => {
    const found = Object.entries(named ?? {}).filter(([name]) => there.has(`${type}.${name}`));
    return found.length === 0 ? [] : [[type, Object.fromEntries(found)] as const];
  });
  return { ...others, ...(kept.length === 0 ? {} : { resource: Object.fromEntries(kept) }) };
}

import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationFile, lockFile } from '../terraform/work-directory.js';

/** Two configurations of Terraform with one state: directories that `synth` has written. */
export interface UnitedConfigurations {
  readonly before: string;
  readonly after: string;
}

type Configuration = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * Hands over a directory with a configuration that also has what only the one before has; `isMore`: whether that is anything.
 */
export async function withUnited<T>(
  { before, after }: UnitedConfigurations,
  use: (directory: string, isMore: boolean) => Promise<T>,
): Promise<T> {
  const [old, now] = await Promise.all([read(before), read(after)]);
  const united = unitedConfiguration(old, now);
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-united-'));
  try {
    await writeFile(join(directory, configurationFile), JSON.stringify(united, undefined, 2));
    await copyFile(join(after, lockFile), join(directory, lockFile)).catch(() => undefined);
    return await use(directory, dropsResources(old, now));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Pure: a configuration with every resource, data source, output and variable that only the one before has. */
export function unitedConfiguration(before: Configuration, after: Configuration): Configuration {
  const shared = ['output', 'variable', 'locals'].flatMap((section) =>
    before[section] === undefined ? [] : [[section, { ...before[section], ...after[section] }] as const],
  );
  // By type, then by name.
  const typed = ['resource', 'data'].flatMap((section) => {
    const [old = {}, now = {}] = [before[section], after[section]];
    const types = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    if (types.length === 0) return [];
    return [
      [section, Object.fromEntries(types.map((type) => [type, { ...of(old, type), ...of(now, type) }]))] as const,
    ];
  });
  return { ...after, ...Object.fromEntries([...shared, ...typed]) };
}

/** Pure: whether a configuration no longer has a resource of the one before. */
export function dropsResources(
  { resource: before = {} }: Configuration,
  { resource: after = {} }: Configuration,
): boolean {
  return Object.keys(before).some((type) =>
    Object.keys(of(before, type)).some((id) => !Object.hasOwn(of(after, type), id)),
  );
}

function of(section: Readonly<Record<string, unknown>>, type: string): Readonly<Record<string, unknown>> {
  const found = Object.hasOwn(section, type) ? section[type] : undefined;
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

async function read(directory: string): Promise<Configuration> {
  return JSON.parse(await readFile(join(directory, configurationFile), 'utf8'));
}

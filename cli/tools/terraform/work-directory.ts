import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { AgentctlError, hasSystemCode } from '../../errors.js';
import type { TaintedResource } from './tainted-resources.js';
import type { TerraformStack } from './terraform-tools.js';

/** Names in a work directory. Plans and states hold what the provider reads, so the directory is for its owner only. */
export const configurationFile = 'cdk.tf.json';
export const lockFile = '.terraform.lock.hcl';
/** What Terraform writes when its backend does not take the state. */
export const erroredState = 'errored.tfstate';
/** `apply -json` writes here, so that it does not depend on us. */
export const applyLog = 'apply.jsonl';
/** Which process applies. */
export const applyMarker = 'apply.json';
/** Plans of runs that were killed are removed by the next. */
const planPattern = /^plan-.*\.bin$/;

/** What was made ready. */
export interface WorkDirectory {
  readonly path: string;
  /** Whether the versions of the provider are given, not chosen here. */
  readonly hasLockFile: boolean;
}

/**
 * Copies a configuration to where it is applied, with the lock file that is beside it or else the one given, and keeps what
 * `init` made there for the last one.
 *
 * @throws EnvironmentNotReady: there is no configuration
 */
export async function prepareWorkDirectory(
  path: string,
  { name, configuration }: TerraformStack,
  givenLock?: string,
): Promise<WorkDirectory> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const left = (await readdir(path)).filter((file) => planPattern.test(file));
  await Promise.all(left.map(async (file) => await rm(join(path, file), { force: true })));
  if (!(await copied(join(configuration, configurationFile), join(path, configurationFile)))) {
    throw new AgentctlError('EnvironmentNotReady', `there is no configuration of ${name} in ${configuration}`, {
      fix: 'synthesize it: agentctl synth --cloud gcp',
    });
  }
  const locks = [join(configuration, lockFile), ...(givenLock === undefined ? [] : [givenLock])];
  for (const lock of locks) if (await copied(lock, join(path, lockFile))) return { path, hasLockFile: true };
  return { path, hasLockFile: false };
}

const configurationAnswer = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

/** Lifts `prevent_destroy` of some resources of a configuration that is only planned. Whether it has any of them. */
export async function withoutProtection(
  path: string,
  resources: readonly Pick<TaintedResource, 'address' | 'type'>[],
): Promise<boolean> {
  const file = join(path, configurationFile);
  const configuration = configurationAnswer.parse(JSON.parse(await readFile(file, 'utf8')));
  const found = resources.flatMap(({ address, type }) => {
    const resource = configuration.resource[type]?.[address.slice(type.length + 1)];
    return resource === undefined ? [] : [resource];
  });
  for (const resource of found) {
    const lifecycle = z.record(z.string(), z.unknown()).safeParse(resource['lifecycle']);
    if (lifecycle.success) resource['lifecycle'] = { ...lifecycle.data, prevent_destroy: false };
  }
  await writeFile(file, JSON.stringify(configuration), { mode: 0o600 });
  return found.length > 0;
}

/** Whether there was something to copy. */
async function copied(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to);
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** A file of a work directory as text; undefined: it is not there. */
export async function readWorkFile(path: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(path, file), 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

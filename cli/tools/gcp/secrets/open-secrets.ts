import * as z from 'zod';
import { gcloudReason } from '../gcloud/gcloud-failure.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import { secretCommands } from './secret-commands.js';
import type { SecretTools, SecretVersion } from './secret-tools.js';

/** Answers name things in full: `projects/1/secrets/x/versions/3`. */
const named = z.object({ name: z.string().transform((name) => name.slice(name.lastIndexOf('/') + 1)) });
const versionAnswer = named.extend({ state: z.enum(['ENABLED', 'DISABLED', 'DESTROYED']) });
/** Base64 in the alphabet for URLs. */
const accessAnswer = z.object({ payload: z.object({ data: z.string().default('') }) });

/** Opens {@link SecretTools}. */
export function openSecrets(gcloud: Gcloud, mask: (values: readonly string[]) => void): SecretTools {
  const versions: SecretTools['versions'] = async (name, signal) => {
    const found = await unlessMissing(
      async () => await gcloud.json(secretCommands.versions(name), z.array(versionAnswer), { signal }),
    );
    return (found ?? [])
      .map(({ name: version, state }) => ({ version, state }))
      .toSorted((a, b) => Number(b.version) - Number(a.version));
  };
  const current: SecretTools['current'] = async (name, signal) => newestEnabled(await versions(name, signal));
  const read: SecretTools['read'] = async (name, signal, version) => {
    const wanted = version ?? (await current(name, signal));
    if (wanted === undefined) return undefined;
    const answer = await unlessMissing(
      async () => await gcloud.json(secretCommands.access(name, wanted), accessAnswer, { signal }),
    );
    if (answer === undefined) return undefined;
    const value = Buffer.from(answer.payload.data, 'base64url').toString('utf8');
    mask([value]);
    return value;
  };
  const stateOf = async (name: string, version: string, signal: AbortSignal) =>
    (await versions(name, signal)).find((one) => one.version === version)?.state;
  const add = async (name: string, value: string, signal: AbortSignal): Promise<string> => {
    mask([value]);
    const { name: version } = await gcloud.json(secretCommands.addVersion(name), named, { signal, input: value });
    return version;
  };
  const create = async (name: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> => {
    try {
      await gcloud.act(secretCommands.create(name, labels), { signal });
    } catch (error) {
      if (gcloudReason(error) !== 'exists') throw error;
    }
  };

  return {
    versions,
    current,
    read,
    async put({ name, value, labels }, signal) {
      mask([value]);
      const known = await versions(name, signal);
      const newest = newestEnabled(known);
      // Also what a command has added that was cut short before it said so.
      if (newest !== undefined && (await read(name, signal, newest)) === value) return newest;
      if (known.length === 0) await create(name, labels, signal);
      return await add(name, value, signal);
    },
    async ensure({ name, value, labels }, signal) {
      const known = await versions(name, signal);
      const newest = newestEnabled(known);
      if (newest !== undefined) return newest;
      if (known.length === 0) await create(name, labels, signal);
      return await add(name, value(), signal);
    },
    async list(prefix, signal) {
      const found = await gcloud.json(secretCommands.list(prefix), z.array(named), { signal });
      return found
        .map(({ name }) => name)
        .filter((name) => name.startsWith(prefix))
        .toSorted();
    },
    async enable(name, version, signal) {
      if ((await stateOf(name, version, signal)) !== 'DISABLED') return;
      await gcloud.act(secretCommands.enable(name, version), { signal });
    },
    async disable(name, version, signal) {
      if ((await stateOf(name, version, signal)) === 'ENABLED')
        await gcloud.act(secretCommands.disable(name, version), { signal });
    },
    async destroy(name, version, signal) {
      const state = await stateOf(name, version, signal);
      if (state === undefined || state === 'DESTROYED') return;
      await gcloud.act(secretCommands.destroy(name, version), { signal });
    },
    async remove(name, signal) {
      await unlessMissing(async () => await gcloud.act(secretCommands.remove(name), { signal }));
    },
  };
}

/** Pure: what a new release gets of versions that are listed newest first. */
export function newestEnabled(versions: readonly SecretVersion[]): string | undefined {
  return versions.find(({ state }) => state === 'ENABLED')?.version;
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // A version that is disabled or destroyed is a precondition that does not hold.
    if (['not-found', 'precondition'].includes(gcloudReason(error) ?? '')) return undefined;
    throw error;
  }
}

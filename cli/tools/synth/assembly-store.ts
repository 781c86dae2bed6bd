import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** A release is synthesized once or twice: the last few releases, of which one is looked at again by the next command. */
const keptAssemblies = 8;

/** A synthesis takes seconds: a draft that old is of a process that was killed. */
const draftSeconds = 3600;

/** Says what a whole assembly consists of; written when it is. */
const indexFile = 'agentctl-assembly.json';

const index = z.record(z.string(), z.string());

/** Assemblies on the disk by name, each whole or absent. Several processes may use one directory. */
export class AssemblyStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The directory of an assembly that is as it was written. */
  async find(name: string): Promise<string | undefined> {
    const directory = join(this.#directory, name);
    if (!(await isWhole(directory))) return undefined;
    // The newest are those that were used last.
    const now = new Date();
    await utimes(directory, now, now).catch(() => undefined);
    return directory;
  }

  /** The newest whole assembly whose name begins so. */
  async findNewest(beginning: string): Promise<string | undefined> {
    for (const { name } of await this.#entries()) {
      const found = name.startsWith(beginning) ? await this.find(name) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Has `write` fill a directory, which gets its name only when it is whole; removes the oldest ones. */
  async make(name: string, write: (draft: string) => Promise<void>): Promise<string> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const draft = await mkdtemp(join(this.#directory, 'draft-'));
    try {
      await write(draft);
      await writeFile(join(draft, indexFile), JSON.stringify(await hashesOf(draft, await filesIn(draft))));
      return await this.#keep(draft, name);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  async #keep(draft: string, name: string): Promise<string> {
    const directory = join(this.#directory, name);
    // Another process may have made the same meanwhile; what is there is damaged otherwise.
    if ((await this.find(name)) === undefined) {
      await rm(directory, { recursive: true, force: true });
      await rename(draft, directory).catch(async (error: unknown) => {
        if ((await this.find(name)) === undefined) throw error;
      });
    }
    await this.#prune(name);
    return directory;
  }

  /** The newest first. */
  async #entries(): Promise<readonly { readonly name: string; readonly time: number }[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const timed = await Promise.all(
      names.map(async (name) => {
        const found = await stat(join(this.#directory, name)).catch(() => undefined);
        return { name, time: found?.mtimeMs ?? 0 };
      }),
    );
    return timed.toSorted((left, right) => right.time - left.time);
  }

  async #prune(justMade: string): Promise<void> {
    const entries = await this.#entries();
    const oldest = Date.now() - draftSeconds * 1000;
    const old = [
      ...entries.filter((one) => !isDraft(one) && one.name !== justMade).slice(keptAssemblies - 1),
      ...entries.filter((one) => isDraft(one) && one.time < oldest),
    ];
    await Promise.all(
      old.map(async ({ name }) => await rm(join(this.#directory, name), { recursive: true, force: true })),
    );
  }
}

function isDraft({ name }: { readonly name: string }): boolean {
  return name.startsWith('draft-');
}

/** Further files are of who reads it: the toolkit locks an assembly that it deploys. */
async function isWhole(directory: string): Promise<boolean> {
  try {
    const expected = index.parse(JSON.parse(await readFile(join(directory, indexFile), 'utf8')));
    return isDeepStrictEqual(await hashesOf(directory, Object.keys(expected)), expected);
  } catch {
    return false;
  }
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted();
}

async function hashesOf(directory: string, files: readonly string[]): Promise<Record<string, string>> {
  const hashed = files.map(async (file) => {
    const content = await readFile(join(directory, file));
    return [file, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashed));
}

import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runEvent } from './events.js';

/** Runs whose journal is kept beside that of the present one. */
const keptJournals = 50;

/**
 * Removes the journals of old runs. The newest {@link keptJournals} stay, and the newest that did not succeed stays
 * however old it is, since it can be resumed. `present`: the run that is beginning; with a clock that was put back its
 * name need not be the newest.
 */
export async function pruneJournals(directory: string, present: string): Promise<void> {
  const names = (await readdir(directory, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ndjson') && entry.name !== `${present}.ndjson`)
    .map((entry) => entry.name);
  if (names.length <= keptJournals) return;
  const newestFirst = names.toSorted().toReversed();
  const unfinished = await firstUnfinished(directory, newestFirst);
  for (const name of newestFirst.slice(keptJournals)) {
    if (name !== unfinished) await rm(join(directory, name), { force: true });
  }
}

async function firstUnfinished(directory: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    if (!(await hasSucceeded(join(directory, name)))) return name;
  }
  return undefined;
}

/** The last line of a run that ended is short. */
const tailBytes = 1024;

/** Only its end is read: a journal that is damaged before does not keep a deploy from beginning. */
async function hasSucceeded(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const start = Math.max(0, (await handle.stat()).size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, start);
    const last = runEvent.safeParse(
      parseJson(buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').at(-1) ?? ''),
    );
    return last.success && last.data.type === 'run.finished' && last.data.outcome === 'succeeded';
  } finally {
    await handle.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

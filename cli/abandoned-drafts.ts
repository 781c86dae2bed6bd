import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode } from './errors.js';

/** As write-file-atomic names the file that it will rename: `r1.json.1417833012`. */
const draftName = /\.json\.\d+$/;

/** Removes what a process that was killed while it replaced a file has left beside it. A file in use is younger. */
export async function removeAbandonedDrafts(directory: string, olderThanSeconds: number): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT')) return [];
    throw error;
  });
  for (const name of names.filter((each) => draftName.test(each))) {
    const draft = join(directory, name);
    const changedAt = await stat(draft).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    // Either way: a clock that was put back must not keep it for ever.
    if (Math.abs(Date.now() - changedAt) >= olderThanSeconds * 1000) await rm(draft, { force: true });
  }
}

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what a process that was killed while it replaced a file has left beside it: `writeStateSync` and
 * write-file-atomic name what they will rename `r1.json.1417833012`. Only for whoever alone may write those files now.
 */
export function removeDrafts(directory: string, isOurs: (file: string) => boolean): void {
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const file = /^(.+)\.\d+$/.exec(name)?.[1];
    if (file !== undefined && isOurs(file)) rmSync(join(directory, name), { force: true });
  }
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Twelve hex digits that change with any file below a directory, its mode apart, or with any of `further`. */
export function contentKey(directory: string, further: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(further));
  const files = readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(JSON.stringify([relative(directory, file), content.length])).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

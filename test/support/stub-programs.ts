import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts programs into a directory, each the source of a Node script by its name; returns a PATH that finds them first. */
export async function stubPrograms(directory: string, programs: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const [name, source] of Object.entries(programs)) {
    const file = join(directory, name);
    await writeFile(file, `#!${process.execPath}\n${source}\n`);
    await chmod(file, 0o755);
  }
  return `${directory}:${process.env['PATH'] ?? ''}`;
}

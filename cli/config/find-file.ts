import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** The file names that are looked for, in this order. */
const defaultFiles = ['agentctl.yaml', 'agentctl.yml'] as const;

/** Where the config comes from: the name to show, and the path to read; no path is standard input. */
export interface FoundFile {
  readonly file: string;
  readonly path?: string;
}

/** The named file, or the first default file that exists; the first default name when none does. */
export async function findFile(directory: string, file: string | undefined): Promise<FoundFile> {
  if (file === '-') return { file: '-' };
  if (file !== undefined) return { file, path: isAbsolute(file) ? file : join(directory, file) };
  for (const name of defaultFiles) {
    const path = join(directory, name);
    if (await exists(path)) return { file: name, path };
  }
  return { file: defaultFiles[0], path: join(directory, defaultFiles[0]) };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AgentctlError, hasSystemCode, messageOf } from '../errors.js';

/** A file as it should be; undefined text: it should not be there. */
export interface OutputFile {
  /** Below the output directory, with `/`. */
  readonly name: string;
  readonly text: string | undefined;
  readonly mode: number;
}

/** What became of a file. */
export interface WrittenFile {
  readonly name: string;
  readonly change: 'created' | 'changed' | 'unchanged' | 'removed';
}

/** @throws UsageInvalid when it cannot be made */
export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw new AgentctlError('UsageInvalid', `cannot write to ${directory}: ${messageOf(cause)}`, {
      fix: 'pass a directory with -o',
      cause,
    });
  });
}

/** Brings files to what they should be; one that is as it should be is not touched. */
export async function writeFiles(directory: string, files: readonly OutputFile[]): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const { name, text, mode } of files) {
    const file = join(directory, name);
    const before = await readText(file);
    // Somebody else's .gitignore stays theirs.
    const wanted = name === '.gitignore' ? (before ?? text) : text;
    if (wanted === undefined) {
      if (before !== undefined) written.push({ name, change: 'removed' });
      await rm(file, { force: true });
      continue;
    }
    if (before !== wanted) {
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomic(file, wanted, { mode });
    }
    if (name === '.env') await chmod(file, mode);
    written.push({ name, change: before === undefined ? 'created' : before === wanted ? 'unchanged' : 'changed' });
  }
  return written;
}

/** One line per file. */
export function fileLines(files: readonly WrittenFile[]): readonly string[] {
  const width = Math.max(...files.map(({ name }) => name.length));
  return files.map(({ name, change }) => `  ${name.padEnd(width)}  ${change}`);
}

/** Undefined: there is no such file. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

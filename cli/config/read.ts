import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundFile } from './find-file.js';
import type { ConfigProblem } from './problem.js';

/** The text of a config file, or why there is none. */
export type ReadResult =
  { readonly kind: 'read'; readonly text: string } | { readonly kind: 'unreadable'; readonly problem: ConfigProblem };

/** Reads a config file as strict UTF-8; a byte order mark is dropped. */
export async function readConfig(found: FoundFile, stdin: () => Promise<string | Uint8Array>): Promise<ReadResult> {
  const { file, path } = found;
  try {
    const bytes = path === undefined ? await stdin() : await readFile(path);
    return typeof bytes === 'string' ? { kind: 'read', text: bytes } : decode(file, bytes);
  } catch (error) {
    return { kind: 'unreadable', problem: readProblem(file, error) };
  }
}

function decode(file: string, bytes: Uint8Array): ReadResult {
  const problem = { file, path: [], code: 'not-utf8' as const, fix: 'save the file as UTF-8' };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { kind: 'unreadable', problem: { ...problem, message: `${file} is UTF-16 text` } };
  }
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    const message = `${file} is not text: it has a NUL byte`;
    return { kind: 'unreadable', problem: { ...problem, ...placeOf(bytes, zero), message } };
  }
  try {
    return { kind: 'read', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const message = `${file} is not UTF-8 text`;
    return { kind: 'unreadable', problem: { ...problem, ...placeOf(bytes, firstBadByte(bytes)), message } };
  }
}

function placeOf(bytes: Uint8Array, offset: number): { readonly line: number; readonly column: number } {
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, offset)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Decoding ever shorter prefixes by halves: a prefix is fine, apart from a character it may cut, or it is not. */
function firstBadByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

function readProblem(file: string, error: unknown): ConfigProblem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const problem = { file, path: [] };
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const fix = 'run "agentctl init" to write one, or name the file with -f';
    return { ...problem, code: 'file-not-found', message: `there is no ${file}`, fix };
  }
  if (code === 'EISDIR') {
    const fix = `name the file: -f ${join(file, 'agentctl.yaml')}`;
    return { ...problem, code: 'not-a-file', message: `${file} is a directory`, fix };
  }
  const reason = typeof code === 'string' ? ` (${code})` : '';
  return {
    ...problem,
    code: 'file-unreadable',
    message: `${file} cannot be read${reason}`,
    fix: 'check its permissions',
  };
}

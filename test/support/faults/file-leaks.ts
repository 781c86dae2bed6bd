import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasSystemCode } from '../../../cli/errors.js';
import type { CliResult } from '../local-cli.js';
import { leaksIn } from './canaries.js';
import type { FaultStage } from './fault-stage.js';

/** The secret store itself, and the database's own files. */
const mayHold = /^(secrets\.json|postgres|postgres-binaries)$/;

/** Looks for secrets in what a run printed, and in every file below `.agentctl`. Remembers what it has read. */
export function fileLeaks(stage: FaultStage): (run: CliResult) => readonly string[] {
  const read = new Map<string, number>();
  return ({ stdout, stderr }) => {
    const canaries = stage.canaries();
    const found = [
      ...leaksIn(stdout, canaries).map((leak) => `stdout: ${leak}`),
      ...leaksIn(stderr, canaries).map((leak) => `stderr: ${leak}`),
    ];
    for (const file of filesBelow(join(stage.project.directory, '.agentctl'))) {
      const size = statSync(file, { throwIfNoEntry: false })?.size;
      if (size === undefined || read.get(file) === size) continue;
      const text = textOf(file);
      if (text === undefined) continue;
      read.set(file, size);
      found.push(...leaksIn(text, canaries).map((leak) => `${file}: ${leak}`));
    }
    return found;
  };
}

function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (mayHold.test(entry.name)) return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Undefined when it is gone: the supervisor of a stage works while this looks, and renames what it has written. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

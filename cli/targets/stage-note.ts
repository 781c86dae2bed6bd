import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { isAgentctlError } from '../errors.js';
import { readState, writeStateSync } from '../state-file.js';

/** Undefined: nothing was deployed from here yet, or the note is damaged; the config file says it all as well. */
export async function readStageNote<S extends z.ZodType>(
  schema: S,
  stateDirectory: string,
): Promise<z.output<S> | undefined> {
  const format = {
    name: 'note of the stage',
    schema,
    versionField: 'stageVersion',
    version: 1,
    fix: (file: string) => `remove ${file}; the next command reads agentctl.yaml instead`,
  };
  try {
    return await readState(format, fileOf(stateDirectory));
  } catch (error) {
    if (isAgentctlError(error)) return undefined;
    throw error;
  }
}

/** Writes the note, if it is not as it should be. */
export async function writeStageNote<S extends z.ZodType>(
  schema: S,
  stateDirectory: string,
  note: z.output<S>,
): Promise<void> {
  if (isDeepStrictEqual(await readStageNote(schema, stateDirectory), note)) return;
  const file = fileOf(stateDirectory);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  writeStateSync(file, `${JSON.stringify(note)}\n`);
}

function fileOf(stateDirectory: string): string {
  return join(stateDirectory, 'stage.json');
}

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { isAgentctlError } from '../../errors.js';
import { readState, type StateFormat, writeStateSync } from '../../state-file.js';

const stageFile = z.strictObject({
  stageVersion: z.literal(1),
  /** Name of the agent. */
  name: z.string(),
  project: z.string(),
  region: z.string(),
});
/** What of a config file it takes to find its stage again when the file is broken or gone. */
export type StageFile = Omit<z.output<typeof stageFile>, 'stageVersion'>;

const format: StateFormat<typeof stageFile> = {
  name: 'note of the stage',
  schema: stageFile,
  versionField: 'stageVersion',
  version: 1,
  fix: (file) => `remove ${file}; the next command reads agentctl.yaml instead`,
};

/** Undefined: nothing was deployed from here yet, or the note is damaged; the config file says it all as well. */
export async function readStageFile(stateDirectory: string): Promise<StageFile | undefined> {
  try {
    const read = await readState(format, fileOf(stateDirectory));
    return read === undefined ? undefined : { name: read.name, project: read.project, region: read.region };
  } catch (error) {
    if (isAgentctlError(error)) return undefined;
    throw error;
  }
}

/** Writes the note, if it is not as it should be. */
export async function writeStageFile(stateDirectory: string, { name, project, region }: StageFile): Promise<void> {
  const known = await readStageFile(stateDirectory);
  if (known?.name === name && known.project === project && known.region === region) return;
  const file = fileOf(stateDirectory);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  writeStateSync(file, `${JSON.stringify({ stageVersion: 1, name, project, region })}\n`);
}

function fileOf(stateDirectory: string): string {
  return join(stateDirectory, 'stage.json');
}

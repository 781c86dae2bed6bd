import * as z from 'zod';
import { readStageNote, writeStageNote } from '../stage-note.js';

const stageFile = z.strictObject({
  stageVersion: z.literal(1),
  /** Name of the agent. */
  name: z.string(),
  region: z.string(),
  account: z.string().nullable(),
});

/** What of a config file it takes to find its stage again when the file is broken or gone. */
export type StageFile = Omit<z.output<typeof stageFile>, 'stageVersion'>;

/** Undefined: nothing was deployed from here yet, or the note is damaged. */
export async function readStageFile(stateDirectory: string): Promise<StageFile | undefined> {
  const read = await readStageNote(stageFile, stateDirectory);
  return read === undefined ? undefined : { name: read.name, region: read.region, account: read.account };
}

/** Writes the note, if it is not as it should be. */
export async function writeStageFile(stateDirectory: string, { name, region, account }: StageFile): Promise<void> {
  await writeStageNote(stageFile, stateDirectory, { stageVersion: 1, name, region, account });
}

import { existsSync } from 'node:fs';
import * as z from 'zod';
import { readStateSync, type StateFormat, writeStateSync } from '../../state-file.js';
import type { StateLayout } from '../state-layout.js';

const volumeFile = z.strictObject({ version: z.literal(1), volumes: z.array(z.string()) });

const format: StateFormat<typeof volumeFile> = {
  name: 'list of volumes',
  schema: volumeFile,
  versionField: 'version',
  version: 1,
  fix: (file) => `move ${file} away; the volumes stay in the container engine`,
};

/** Names of the volumes that hold data of the stage in the container engine. Throws StateUnreadable. */
export function readVolumes({ volumesFile }: Pick<StateLayout, 'volumesFile'>): readonly string[] {
  return readStateSync(format, volumesFile)?.volumes ?? [];
}

/** Remembers a volume before it is made, so that whatever happens it can be found and removed. */
export function rememberVolume(layout: Pick<StateLayout, 'volumesFile'>, volume: string): void {
  const known = readVolumes(layout);
  if (known.includes(volume)) return;
  const text = `${JSON.stringify({ version: 1, volumes: [...known, volume] }, null, 2)}\n`;
  writeStateSync(layout.volumesFile, text);
}

/** Whether the stage has a database in a volume. */
export function hasDatabaseVolume(layout: Pick<StateLayout, 'volumesFile'>): boolean {
  return existsSync(layout.volumesFile) && readVolumes(layout).some((name) => name.endsWith('-postgres'));
}

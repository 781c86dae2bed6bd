import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeStateSync } from '../../state-file.js';
import { type BackupRecord, backupRecord } from '../protocol.js';

/** The finished backups in a directory: `<id>/backup.json`, written last, and `<id>/base.tar.gz` or `<id>/database.dump`. */
export interface BackupStore {
  /** Newest first. */
  list(): readonly BackupRecord[];
  find(id: string): BackupRecord | undefined;
  /** Where the archive of a backup lies, or is to be written. */
  archiveOf(backup: Pick<BackupRecord, 'id' | 'method'>): string;
  /** Makes an empty place for a backup. */
  begin(id: string): Promise<void>;
  /** From now on it is a backup. */
  finish(backup: BackupRecord): void;
  /** Removes a backup, or what there is of one. */
  remove(id: string): Promise<void>;
  /** Removes those that were cut short: without a record. One whose record we cannot read may be another version's. */
  removeIncomplete(): Promise<void>;
}

const archiveNames = { copy: 'base.tar.gz', dump: 'database.dump' } as const;

/** The backups in `<state>/backups`. */
export function backupStore(directory: string): BackupStore {
  const place = (id: string): string => join(directory, id);
  const recordFile = (id: string): string => join(place(id), 'backup.json');
  const names = (): readonly string[] => (existsSync(directory) ? readdirSync(directory) : []);
  const find = (id: string): BackupRecord | undefined => {
    const record = readRecord(recordFile(id));
    return record?.id === id && existsSync(archiveOf(record)) ? record : undefined;
  };
  const archiveOf: BackupStore['archiveOf'] = ({ id, method }) => join(place(id), archiveNames[method]);
  const remove = async (id: string): Promise<void> => {
    // Without its record it is none any more, however far the removal gets.
    await rename(recordFile(id), join(place(id), 'removed.json')).catch(() => undefined);
    await rm(place(id), { recursive: true, force: true });
  };
  return {
    list: () =>
      names()
        .flatMap((name) => find(name) ?? [])
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
    find,
    archiveOf,
    begin: async (id) => {
      await remove(id);
      mkdirSync(place(id), { recursive: true, mode: 0o700 });
      chmodSync(directory, 0o700);
    },
    finish: (backup) => {
      writeStateSync(recordFile(backup.id), `${JSON.stringify(backup, null, 2)}\n`);
    },
    remove,
    removeIncomplete: async () => {
      for (const name of names()) if (!existsSync(recordFile(name))) await remove(name);
    },
  };
}

function readRecord(file: string): BackupRecord | undefined {
  try {
    return backupRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

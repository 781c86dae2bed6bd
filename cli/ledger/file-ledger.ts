import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AgentctlError } from '../errors.js';
import { type ReleaseRecord, releaseRecord } from './release-record.js';

/** The releases of one stage, oldest first. */
export interface Ledger {
  list(): Promise<readonly ReleaseRecord[]>;
  /** Adds the record, or replaces the one with its id; durable when it resolves. */
  put(record: ReleaseRecord): Promise<void>;
}

/** A ledger kept as one JSON file per release in a directory. */
export function fileLedger(directory: string): Ledger {
  return {
    async list() {
      const files = (await readdir(directory).catch(() => [])).filter((file) => /^r\d+\.json$/.test(file));
      const records = await Promise.all(files.map((file) => readRecord(join(directory, file))));
      return records.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
    },
    async put(record) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFileAtomic(join(directory, `${record.id}.json`), `${JSON.stringify(record, null, 2)}\n`, {
        mode: 0o600,
      });
    },
  };
}

async function readRecord(file: string): Promise<ReleaseRecord> {
  try {
    return releaseRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new AgentctlError('StateUnreadable', `cannot read the release record ${file}`, {
      fix: 'restore the file from a backup, or move it away: the release can then no longer be rolled back to',
      cause,
    });
  }
}

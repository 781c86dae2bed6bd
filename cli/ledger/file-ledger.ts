import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentctlError, hasSystemCode, isAgentctlError, messageOf } from '../errors.js';
import { removeDrafts } from '../remove-drafts.js';
import { readState, type StateFormat, writeStateSync } from '../state-file.js';
import { recordVersion, type ReleaseRecord, releaseRecord } from './release-record.js';

/** A release whose record cannot be read. Its number is taken, and nothing it runs from is removed. */
export interface DamagedRecord {
  readonly id: string;
  readonly problem: AgentctlError;
}

/** The releases of one stage, oldest first. */
export interface Ledger {
  /** Every record that can be read. */
  list(): Promise<readonly ReleaseRecord[]>;
  /** Every record that cannot. */
  damaged(): Promise<readonly DamagedRecord[]>;
  /** Adds the record, or replaces the one with its id; durable when it resolves. */
  put(record: ReleaseRecord): Promise<void>;
}

/** A ledger kept as one JSON file per release in a directory. */
export function fileLedger(directory: string): Ledger {
  const read = async (): Promise<readonly (ReleaseRecord | DamagedRecord)[]> => {
    const ids = (await recordFiles(directory)).toSorted((a, b) => numberOf(a) - numberOf(b));
    return await Promise.all(ids.map((id) => readRecord(join(directory, `${id}.json`), id)));
  };
  return {
    list: async () => (await read()).filter((record): record is ReleaseRecord => !isDamaged(record)),
    damaged: async () => (await read()).filter(isDamaged),
    async put(record) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      writeStateSync(join(directory, `${record.id}.json`), `${JSON.stringify(record, null, 2)}\n`);
      // Only the holder of the lock writes here: any draft is that of a process that is gone.
      removeDrafts(directory, (file) => /^r\d+\.json$/.test(file));
    },
  };
}

/** How a record is written, wherever it is kept. */
export const recordFormat: StateFormat<typeof releaseRecord> = {
  name: 'release record',
  schema: releaseRecord,
  versionField: 'recordVersion',
  version: recordVersion,
  fix: (file) => `restore ${file} from a backup, or move it away: nothing can return to that release then`,
};

/** Ids, by the names of the files. */
async function recordFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT')) return [];
    // Not an empty ledger: that would begin at r1 again.
    throw new AgentctlError('StateUnreadable', `cannot read the release ledger ${directory}: ${messageOf(error)}`, {
      fix: 'correct what the operating system reports',
      cause: error,
    });
  });
  return names.flatMap((name) => /^(r\d+)\.json$/.exec(name)?.[1] ?? []);
}

async function readRecord(file: string, id: string): Promise<ReleaseRecord | DamagedRecord> {
  try {
    const record = await readState(recordFormat, file);
    if (record?.id === id) return record;
    const why = record === undefined ? 'it is gone' : `it is the record of ${record.id}`;
    return { id, problem: damagedRecord(file, why) };
  } catch (error) {
    if (!isAgentctlError(error)) throw error;
    return { id, problem: error };
  }
}

/** A record that cannot be used, as an error. */
export function damagedRecord(file: string, why: string): AgentctlError {
  return new AgentctlError('StateUnreadable', `cannot use the release record ${file}: ${why}`, {
    fix: recordFormat.fix(file),
  });
}

/** Tells the two kinds of record apart. */
export function isDamaged(record: ReleaseRecord | DamagedRecord): record is DamagedRecord {
  return 'problem' in record;
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}

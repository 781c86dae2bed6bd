import { isAgentctlError } from '../errors.js';
import type { ObjectPlace } from '../object-store.js';
import { decodeState } from '../state-file.js';
import { type DamagedRecord, damagedRecord, isDamaged, type Ledger, recordFormat } from './file-ledger.js';
import type { ReleaseRecord } from './release-record.js';

/** A ledger kept as one object per release, `<prefix>rN.json`; `key` is the prefix. */
export function objectLedger({ store, key: prefix }: ObjectPlace): Ledger {
  const readRecord = async (id: string): Promise<readonly (ReleaseRecord | DamagedRecord)[]> => {
    const key = `${prefix}${id}.json`;
    const place = store.place(key);
    const object = await store.read(key);
    // Removed between the list and this.
    if (object === undefined) return [];
    try {
      const record = decodeState(recordFormat, place, object.bytes);
      return [record.id === id ? record : { id, problem: damagedRecord(place, `it is the record of ${record.id}`) }];
    } catch (error) {
      if (!isAgentctlError(error)) throw error;
      return [{ id, problem: error }];
    }
  };
  const read = async (): Promise<readonly (ReleaseRecord | DamagedRecord)[]> => {
    const keys = await store.list(prefix);
    const ids = keys.flatMap((key) => /^(r\d+)\.json$/.exec(key.slice(prefix.length))?.[1] ?? []);
    const records = ids.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))).map(readRecord);
    return (await Promise.all(records)).flat();
  };
  return {
    list: async () => (await read()).filter((record): record is ReleaseRecord => !isDamaged(record)),
    damaged: async () => (await read()).filter(isDamaged),
    put: async (record) => {
      await store.write(`${prefix}${record.id}.json`, `${JSON.stringify(record, null, 2)}\n`);
    },
  };
}

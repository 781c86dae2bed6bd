import { isAgentctlError } from '../errors.js';
import type { ListedObject, ObjectPlace } from '../object-store.js';
import { decodeState } from '../state-file.js';
import { type DamagedRecord, damagedRecord, isDamaged, type Ledger, recordFormat } from './file-ledger.js';
import type { ReleaseRecord } from './release-record.js';

type Found = readonly (ReleaseRecord | DamagedRecord)[];

/** A ledger kept as one object per release, `<prefix>rN.json`; `key` is the prefix. */
export function objectLedger({ store, key: prefix }: ObjectPlace): Ledger {
  const readRecord = async (id: string, key: string): Promise<Found> => {
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
  // A stage has hundreds of records, a command looks some times, and one that was read changes with its version only.
  const known = new Map<string, Promise<Found>>();
  const readOnce = async (id: string, { key, version }: ListedObject): Promise<Found> => {
    const name = `${version} ${key}`;
    const reading = known.get(name) ?? readRecord(id, key);
    known.set(name, reading);
    return await reading.catch((error: unknown) => {
      known.delete(name);
      throw error;
    });
  };
  const read = async (): Promise<Found> => {
    const listed = (await store.list(prefix)).flatMap((object) => {
      const id = /^(r\d+)\.json$/.exec(object.key.slice(prefix.length))?.[1];
      return id === undefined ? [] : [{ id, object }];
    });
    const sorted = listed.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
    return (await Promise.all(sorted.map(async ({ id, object }) => await readOnce(id, object)))).flat();
  };
  return {
    list: async () => (await read()).filter((record): record is ReleaseRecord => !isDamaged(record)),
    damaged: async () => (await read()).filter(isDamaged),
    put: async (record) => {
      await store.write(`${prefix}${record.id}.json`, `${JSON.stringify(record, null, 2)}\n`);
    },
  };
}

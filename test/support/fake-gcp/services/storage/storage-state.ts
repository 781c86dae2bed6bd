import { createHash } from 'node:crypto';
import type { FakeWorld } from '../../fake-world.js';
import { crc32c } from '../../crc32c.js';
import { GoogleError, notFound } from '../../google-error.js';

/** One generation of an object. */
export interface StoredObject {
  readonly name: string;
  readonly generation: bigint;
  metageneration: number;
  readonly data: Buffer;
  readonly contentType: string;
  readonly createdAt: Date;
  updatedAt: Date;
  /** When it stopped being the live one. */
  deletedAt: Date | undefined;
  readonly crc32c: string;
  readonly md5: string;
  metadata: Readonly<Record<string, string>>;
}

/** A bucket; `settings` is what the API was told about it, as it was told. */
export interface Bucket {
  readonly name: string;
  readonly createdAt: Date;
  updatedAt: Date;
  metageneration: number;
  settings: Readonly<Record<string, unknown>>;
  readonly live: Map<string, StoredObject>;
  /** Generations that are not live any more, oldest first. */
  readonly noncurrent: StoredObject[];
}

/** Preconditions of a request (JSON API, "Request preconditions"). */
export interface Preconditions {
  readonly ifGenerationMatch: string | null;
  readonly ifGenerationNotMatch: string | null;
  readonly ifMetagenerationMatch: string | null;
}

/** The buckets of one fake: `world.state(storageState)`. */
export interface StorageState {
  readonly buckets: Map<string, Bucket>;
  readonly createBucket: (name: string, settings?: Readonly<Record<string, unknown>>) => Bucket;
  /** @throws GoogleError notFound */
  readonly bucket: (name: string | undefined) => Bucket;
  /** @throws GoogleError notFound */
  object(bucket: Bucket, name: string, generation?: string | null): StoredObject;
  readonly put: (
    bucket: Bucket,
    name: string,
    data: Buffer,
    options?: { contentType?: string | undefined; metadata?: Record<string, string> },
  ) => StoredObject;
  remove(bucket: Bucket, name: string, generation?: string | null): void;
}

export function storageState(_world: FakeWorld): StorageState {
  const buckets = new Map<string, Bucket>();
  let last = 0n;
  const isVersioned = ({ settings }: Bucket): boolean =>
    (settings['versioning'] as { enabled?: boolean } | undefined)?.enabled === true;
  const retire = (bucket: Bucket, object: StoredObject): void => {
    bucket.live.delete(object.name);
    if (!isVersioned(bucket)) return;
    object.deletedAt = new Date();
    bucket.noncurrent.push(object);
  };
  const state: StorageState = {
    buckets,
    createBucket(name, settings = {}) {
      if (buckets.has(name)) {
        throw new GoogleError(
          'ALREADY_EXISTS',
          'Your previous request to create the named bucket succeeded and you already own it.',
          {
            reason: 'conflict',
          },
        );
      }
      const now = new Date();
      const bucket = {
        name,
        createdAt: now,
        updatedAt: now,
        metageneration: 1,
        settings,
        live: new Map(),
        noncurrent: [],
      };
      buckets.set(name, bucket);
      return bucket;
    },
    bucket(name = '') {
      const found = buckets.get(name);
      if (found === undefined) throw notFound('The specified bucket does not exist.');
      return found;
    },
    object(bucket, name, generation) {
      const live = bucket.live.get(name);
      const found =
        generation === undefined || generation === null
          ? live
          : [live, ...bucket.noncurrent].find((each) => each?.name === name && String(each.generation) === generation);
      if (found === undefined) throw notFound(`No such object: ${bucket.name}/${name}`);
      return found;
    },
    put(bucket, name, data, { contentType = 'application/octet-stream', metadata = {} } = {}) {
      const now = BigInt(Date.now()) * 1000n;
      last = now > last ? now : last + 1n;
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32c(data));
      const object: StoredObject = {
        name,
        generation: last,
        metageneration: 1,
        data,
        contentType,
        createdAt: new Date(),
        updatedAt: new Date(),
        deletedAt: undefined,
        crc32c: checksum.toString('base64'),
        md5: createHash('md5').update(data).digest('base64'),
        metadata,
      };
      const before = bucket.live.get(name);
      if (before !== undefined) retire(bucket, before);
      bucket.live.set(name, object);
      return object;
    },
    remove(bucket, name, generation) {
      const object = state.object(bucket, name, generation);
      if (bucket.live.get(name) === object && (generation ?? null) === null) return retire(bucket, object);
      if (bucket.live.get(name) === object) bucket.live.delete(name);
      const at = bucket.noncurrent.indexOf(object);
      if (at >= 0) bucket.noncurrent.splice(at, 1);
    },
  };
  return state;
}

/** @throws GoogleError 412 when one does not hold; generation 0 is that of an object that is not there. */
export function checkPreconditions(conditions: Preconditions, live: StoredObject | undefined): void {
  const generation = live === undefined ? '0' : String(live.generation);
  const { ifGenerationMatch, ifGenerationNotMatch, ifMetagenerationMatch } = conditions;
  const holds =
    (ifGenerationMatch === null || ifGenerationMatch === generation) &&
    (ifGenerationNotMatch === null || ifGenerationNotMatch !== generation) &&
    (ifMetagenerationMatch === null || ifMetagenerationMatch === String(live?.metageneration ?? 0));
  if (holds) return;
  throw new GoogleError('FAILED_PRECONDITION', 'At least one of the pre-conditions you specified did not hold.', {
    code: 412,
    reason: 'conditionNotMet',
  });
}

/** The preconditions in a query. */
export function preconditionsIn(query: URLSearchParams): Preconditions {
  return {
    ifGenerationMatch: query.get('ifGenerationMatch'),
    ifGenerationNotMatch: query.get('ifGenerationNotMatch'),
    ifMetagenerationMatch: query.get('ifMetagenerationMatch'),
  };
}

import { createHash } from 'node:crypto';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';

/** One version of an object, or the mark that it was deleted. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` in a bucket that was never versioned. */
  readonly versionId: string;
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly isDeleteMarker: boolean;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A bucket. */
export interface FakeBucket {
  readonly name: string;
  readonly createdAt: Date;
  /** Versions by key, the newest last. */
  readonly objects: Map<string, ObjectVersion[]>;
  versioning: 'Enabled' | 'Suspended' | undefined;
  /** Algorithm and key of the default encryption. */
  encryption: { readonly algorithm: 'AES256' | 'aws:kms'; readonly keyId?: string | undefined };
  policy: string | undefined;
  tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** What a new version is made of. */
export interface NewObject {
  readonly body: Buffer;
  readonly etag?: string;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Buckets by name. */
export interface S3State {
  readonly buckets: Map<string, FakeBucket>;
  readonly add: (name: string) => FakeBucket;
  /** Throws `NoSuchBucket`. */
  readonly bucket: (name: string) => FakeBucket;
  /** The newest version, unless that is a delete marker. */
  readonly current: (bucket: FakeBucket, key: string) => ObjectVersion | undefined;
  readonly put: (bucket: FakeBucket, key: string, object: NewObject) => ObjectVersion;
  /** Deletes a version for good, or marks the object as deleted. */
  readonly remove: (bucket: FakeBucket, key: string, versionId?: string) => ObjectVersion | undefined;
}

export function s3State(world: FakeWorld): S3State {
  const buckets = new Map<string, FakeBucket>();
  const push = (bucket: FakeBucket, key: string, version: Omit<ObjectVersion, 'key' | 'versionId' | 'modifiedAt'>) => {
    const isVersioned = bucket.versioning === 'Enabled';
    const made = { ...version, key, versionId: isVersioned ? world.newId(32) : 'null', modifiedAt: new Date() };
    const others = bucket.objects.get(key) ?? [];
    bucket.objects.set(key, [...others.filter(({ versionId }) => isVersioned || versionId !== 'null'), made]);
    return made;
  };
  const current: S3State['current'] = (bucket, key) => {
    const newest = bucket.objects.get(key)?.at(-1);
    return newest?.isDeleteMarker === true ? undefined : newest;
  };
  return {
    buckets,
    current,
    add(name) {
      const bucket: FakeBucket = {
        name,
        createdAt: new Date(),
        objects: new Map(),
        versioning: undefined,
        encryption: { algorithm: 'AES256' },
        policy: undefined,
        tags: [],
      };
      buckets.set(name, bucket);
      return bucket;
    },
    bucket(name) {
      const bucket = buckets.get(name);
      if (bucket !== undefined) return bucket;
      throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', {
        status: 404,
        details: { BucketName: name },
      });
    },
    put: (bucket, key, { body, etag, contentType, metadata = {} }) =>
      push(bucket, key, {
        body,
        etag: etag ?? `"${createHash('md5').update(body).digest('hex')}"`,
        isDeleteMarker: false,
        contentType,
        metadata,
      }),
    remove(bucket, key, versionId) {
      const versions = bucket.objects.get(key) ?? [];
      if (versionId === undefined && bucket.versioning !== undefined) {
        const marker = { body: Buffer.alloc(0), etag: '', isDeleteMarker: true, contentType: undefined, metadata: {} };
        return push(bucket, key, marker);
      }
      const gone = versions.find((version) => version.versionId === (versionId ?? 'null'));
      const left = versions.filter((version) => version !== gone);
      if (left.length === 0) bucket.objects.delete(key);
      else bucket.objects.set(key, left);
      return gone;
    },
  };
}

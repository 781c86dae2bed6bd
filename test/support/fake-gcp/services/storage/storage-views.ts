import type { FakeWorld } from '../../fake-world.js';
import type { Bucket, StoredObject } from './storage-state.js';

export function bucketView(world: FakeWorld, bucket: Bucket): Record<string, unknown> {
  const { name, createdAt, updatedAt, metageneration, settings } = bucket;
  return {
    kind: 'storage#bucket',
    locationType: 'region',
    storageClass: 'STANDARD',
    iamConfiguration: { uniformBucketLevelAccess: { enabled: false }, publicAccessPrevention: 'inherited' },
    ...settings,
    location: String(settings['location'] ?? world.region).toUpperCase(),
    id: name,
    name,
    selfLink: `${world.url}/storage/v1/b/${name}`,
    projectNumber: world.projectNumber,
    timeCreated: createdAt.toISOString(),
    updated: updatedAt.toISOString(),
    metageneration: String(metageneration),
    etag: `CA${metageneration}=`,
  };
}

export function objectView(world: FakeWorld, bucket: Bucket, object: StoredObject): Record<string, unknown> {
  const { name, generation, metageneration, data, contentType, createdAt, updatedAt, deletedAt, metadata } = object;
  const link = `${world.url}/storage/v1/b/${bucket.name}/o/${encodeURIComponent(name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket.name}/${name}/${generation}`,
    selfLink: link,
    mediaLink: `${world.url}/download/storage/v1/b/${bucket.name}/o/${encodeURIComponent(name)}?generation=${generation}&alt=media`,
    name,
    bucket: bucket.name,
    generation: String(generation),
    metageneration: String(metageneration),
    contentType,
    storageClass: 'STANDARD',
    size: String(data.length),
    md5Hash: object.md5,
    crc32c: object.crc32c,
    etag: `CO${generation}`,
    timeCreated: createdAt.toISOString(),
    updated: updatedAt.toISOString(),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(deletedAt === undefined ? {} : { timeDeleted: deletedAt.toISOString() }),
  };
}

/** Headers of a download, as both APIs have them. */
export function mediaHeaders({
  generation,
  metageneration,
  data,
  contentType,
  updatedAt,
  crc32c,
  md5,
}: StoredObject): Record<string, string> {
  return {
    'content-type': contentType,
    'content-length': String(data.length),
    'last-modified': updatedAt.toUTCString(),
    etag: `"${md5}"`,
    'x-goog-generation': String(generation),
    'x-goog-metageneration': String(metageneration),
    'x-goog-hash': `crc32c=${crc32c},md5=${md5}`,
    'x-goog-stored-content-encoding': 'identity',
    'x-goog-stored-content-length': String(data.length),
  };
}

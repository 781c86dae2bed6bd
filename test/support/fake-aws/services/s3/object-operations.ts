import type * as client from '@aws-sdk/client-s3';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { crc32Text } from '../../wire/upload-body.js';
import { checkRead, checkWrite, noSuchKey } from './preconditions.js';
import { s3State, type FakeBucket, type ObjectVersion } from './s3-state.js';

/** Reading, writing and deleting objects. */
export function objectOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(s3State);
  const read = (input: client.GetObjectCommandInput | client.HeadObjectCommandInput): ObjectVersion => {
    const { Key = '', VersionId } = input;
    const bucket = state.bucket(input.Bucket ?? '');
    const version =
      VersionId === undefined
        ? state.current(bucket, Key)
        : bucket.objects.get(Key)?.find(({ versionId, isDeleteMarker }) => versionId === VersionId && !isDeleteMarker);
    if (version === undefined) throw noSuchKey();
    checkRead(version, input);
    return version;
  };
  const headers = (bucket: FakeBucket, version: ObjectVersion) => ({
    ETag: version.etag,
    ...(version.versionId !== 'null' && { VersionId: version.versionId }),
    ServerSideEncryption: bucket.encryption.algorithm,
    ...(bucket.encryption.keyId !== undefined && { SSEKMSKeyId: bucket.encryption.keyId }),
  });
  const found = (input: client.GetObjectCommandInput | client.HeadObjectCommandInput) => {
    const version = read(input);
    const { body, range } = ranged(version.body, input.Range);
    const view = {
      ...headers(state.bucket(input.Bucket ?? ''), version),
      ...(range !== undefined && { ContentRange: range }),
      AcceptRanges: 'bytes',
      ContentLength: body.length,
      ContentType: version.contentType ?? 'binary/octet-stream',
      LastModified: version.modifiedAt,
      Metadata: version.metadata,
    };
    return { body, view };
  };
  const remove = (bucket: FakeBucket, key: string, versionId?: string) => {
    const gone = state.remove(bucket, key, versionId);
    return {
      ...(gone?.isDeleteMarker === true && { DeleteMarker: true }),
      ...(gone !== undefined && gone.versionId !== 'null' && { VersionId: gone.versionId }),
    };
  };
  return {
    PutObject(input: client.PutObjectCommandInput) {
      const bucket = state.bucket(input.Bucket ?? '');
      const { Key = '', ContentType, Metadata } = input;
      checkWrite(state.current(bucket, Key), input);
      const body = Buffer.from(input.Body as Uint8Array);
      const version = state.put(bucket, Key, { body, contentType: ContentType, metadata: Metadata });
      return { ...headers(bucket, version), ChecksumCRC32: crc32Text(body), ChecksumType: 'FULL_OBJECT' };
    },
    GetObject(input: client.GetObjectCommandInput) {
      const { body, view } = found(input);
      return { ...view, Body: body };
    },
    HeadObject: (input: client.HeadObjectCommandInput) => found(input).view,
    CopyObject(input: client.CopyObjectCommandInput) {
      const [, from = '', source = ''] = /^\/?([^/]+)\/([^?]+)/.exec(decodeURIComponent(input.CopySource ?? '')) ?? [];
      const original = state.current(state.bucket(from), source);
      if (original === undefined) throw noSuchKey();
      const { body, contentType, metadata } = original;
      const version = state.put(state.bucket(input.Bucket ?? ''), input.Key ?? '', { body, contentType, metadata });
      return { CopyObjectResult: { ETag: version.etag, LastModified: version.modifiedAt } };
    },
    DeleteObject(input: client.DeleteObjectCommandInput) {
      const bucket = state.bucket(input.Bucket ?? '');
      const { Key = '', VersionId, IfMatch } = input;
      if (IfMatch !== undefined) checkWrite(state.current(bucket, Key), { IfMatch });
      return remove(bucket, Key, VersionId);
    },
    DeleteObjects({ Bucket = '', Delete }: client.DeleteObjectsCommandInput) {
      const bucket = state.bucket(Bucket);
      const objects = Delete?.Objects ?? [];
      if (objects.length > 1000) throw new ServiceError('MalformedXML', 'more than 1000 objects');
      const deleted = objects.map(({ Key = '', VersionId }) => {
        const { DeleteMarker, VersionId: version } = remove(bucket, Key, VersionId);
        return VersionId === undefined && DeleteMarker === true
          ? { Key, DeleteMarker, DeleteMarkerVersionId: version }
          : { Key, VersionId };
      });
      return { Deleted: Delete?.Quiet === true ? [] : deleted };
    },
  };
}

function ranged(body: Buffer, range: string | undefined): { readonly body: Buffer; readonly range?: string } {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return { body };
  if (Number(from) >= body.length) {
    throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  }
  const end = to === undefined || to === '' ? body.length : Math.min(Number(to) + 1, body.length);
  return { body: body.subarray(Number(from), end), range: `bytes ${from}-${end - 1}/${body.length}` };
}

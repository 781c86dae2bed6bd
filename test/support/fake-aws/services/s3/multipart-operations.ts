import { createHash } from 'node:crypto';
import type * as client from '@aws-sdk/client-s3';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { crc32Text } from '../../wire/upload-body.js';
import { checkWrite } from './preconditions.js';
import { s3State } from './s3-state.js';

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string | undefined;
  readonly metadata: Record<string, string> | undefined;
  readonly parts: Map<number, Buffer>;
}

/** Uploads in parts. */
export function multipartOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(s3State);
  const uploads = new Map<string, Upload>();
  const found = (id = ''): Upload => {
    const upload = uploads.get(id);
    if (upload !== undefined) return upload;
    throw new ServiceError('NoSuchUpload', 'The specified multipart upload does not exist.', { status: 404 });
  };
  return {
    CreateMultipartUpload({ Bucket = '', Key = '', ContentType, Metadata }: client.CreateMultipartUploadCommandInput) {
      const id = world.newId(32);
      const { name } = state.bucket(Bucket);
      uploads.set(id, { bucket: name, key: Key, contentType: ContentType, metadata: Metadata, parts: new Map() });
      return { Bucket, Key, UploadId: id };
    },
    UploadPart({ UploadId, PartNumber = 0, Body }: client.UploadPartCommandInput) {
      const body = Buffer.from(Body as Uint8Array);
      found(UploadId).parts.set(PartNumber, body);
      return { ETag: `"${md5(body).toString('hex')}"`, ChecksumCRC32: crc32Text(body) };
    },
    CompleteMultipartUpload(input: client.CompleteMultipartUploadCommandInput) {
      const { UploadId = '', MultipartUpload } = input;
      const { bucket, key, contentType, metadata, parts } = found(UploadId);
      checkWrite(state.current(state.bucket(bucket), key), input);
      const bodies = (MultipartUpload?.Parts ?? []).map(({ PartNumber = 0 }) => {
        const body = parts.get(PartNumber);
        if (body === undefined) throw new ServiceError('InvalidPart', `part ${PartNumber} could not be found`);
        return body;
      });
      const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}"`;
      const version = state.put(state.bucket(bucket), key, {
        body: Buffer.concat(bodies),
        etag,
        contentType,
        metadata,
      });
      uploads.delete(UploadId);
      const versionId = version.versionId === 'null' ? {} : { VersionId: version.versionId };
      return { Bucket: bucket, Key: key, ETag: etag, Location: `${world.url}/${bucket}/${key}`, ...versionId };
    },
    AbortMultipartUpload({ UploadId = '' }: client.AbortMultipartUploadCommandInput) {
      found(UploadId);
      uploads.delete(UploadId);
    },
  };
}

function md5(body: Buffer): Buffer {
  return createHash('md5').update(body).digest();
}

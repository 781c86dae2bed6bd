import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';

const Bucket = 'agentctl-state';

async function bucketForTest(versioned = false) {
  const fake = await fakeForTest();
  const s3 = new S3Client(fake.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  if (versioned) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const put = (Key: string, Body: string, conditions: { IfMatch?: string; IfNoneMatch?: string } = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...conditions }));
  const text = async (Key: string, VersionId?: string) =>
    (
      await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId !== undefined && { VersionId }) }))
    ).Body?.transformToString();
  return { fake, s3, put, text };
}

test('an object is read as it was written, with its metadata and checksum', async () => {
  const { s3, text } = await bucketForTest();
  const Key = 'a folder/ä+b.json';
  await s3.send(
    new PutObjectCommand({ Bucket, Key, Body: '{"a":1}', ContentType: 'application/json', Metadata: { run: '7' } }),
  );
  expect(await text(Key)).toBe('{"a":1}');
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  expect(head).toMatchObject({ ContentLength: 7, ContentType: 'application/json', Metadata: { run: '7' } });
  await expect(text('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a stream is put together out of its chunks', async () => {
  const { s3, text } = await bucketForTest();
  const body = Readable.from([Buffer.alloc(70_000, 'x'), Buffer.from('end')]);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body: body, ContentLength: 70_003 }));
  expect(await text('stream')).toBe(`${'x'.repeat(70_000)}end`);
});

test('a bucket by its own host name is the same bucket', async () => {
  const { fake, put } = await bucketForTest();
  await put('key', 'value');
  const { default: http } = await import('node:http');
  const presigned = new URL(`${fake.url}/key`);
  const { accessKeyId } = fake.client.credentials;
  presigned.searchParams.set('X-Amz-Credential', `${accessKeyId}/20260101/${fake.client.region}/s3/aws4_request`);
  const answer = await new Promise<string>((resolve, reject) => {
    const request = http.get(
      presigned,
      { headers: { host: `${Bucket}.s3.eu-central-1.amazonaws.com` } },
      (response) => {
        response.setEncoding('utf8').on('data', resolve);
      },
    );
    request.on('error', reject);
  });
  expect(answer).toBe('value');
});

test('only one of two creates the lock; only its holder changes or removes it', async () => {
  const { s3, put, text } = await bucketForTest(true);
  const created = await Promise.allSettled([
    put('lock', 'a', { IfNoneMatch: '*' }),
    put('lock', 'b', { IfNoneMatch: '*' }),
  ]);
  expect(created.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const lost = created.find((result) => result.status === 'rejected');
  expect(lost?.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  const { ETag = '' } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'lock' }));
  await put('lock', 'c', { IfMatch: ETag });
  await expect(put('lock', 'd', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(s3.send(new DeleteObjectCommand({ Bucket, Key: 'lock', IfMatch: ETag }))).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  expect(await text('lock')).toBe('c');
  await expect(put('none', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('a deleted object can be created again, and its versions are kept', async () => {
  const { s3, put, text } = await bucketForTest(true);
  const first = await put('lock', 'one', { IfNoneMatch: '*' });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'lock' }));
  await expect(text('lock')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await put('lock', 'two', { IfNoneMatch: '*' });
  expect(await text('lock', first.VersionId)).toBe('one');
  const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions?.map(({ IsLatest }) => IsLatest)).toEqual([true, false]);
  expect(DeleteMarkers).toHaveLength(1);
});

test('lists have pages, prefixes and folders', async () => {
  const { s3, put } = await bucketForTest();
  for (const key of ['a/1', 'a/2', 'a/b/3', 'c']) await put(key, key);
  const first = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/', MaxKeys: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
  const ContinuationToken = first.NextContinuationToken ?? '';
  const second = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/', ContinuationToken }));
  expect(second.Contents?.map(({ Key }) => Key)).toEqual(['a/b/3']);
  const folder = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/', Delimiter: '/' }));
  expect(folder.CommonPrefixes).toEqual([{ Prefix: 'a/b/' }]);
  const Delete = { Objects: [{ Key: 'a/1' }, { Key: 'c' }] };
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
  expect(Deleted).toHaveLength(2);
});

test('what the toolkit asks of a bucket', async () => {
  const { s3 } = await bucketForTest(true);
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-central-1');
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  await expect(s3.send(new GetBucketLocationCommand({ Bucket: 'other' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});

test('an upload in parts becomes one object', async () => {
  const { s3, text } = await bucketForTest();
  const Key = 'big';
  const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const parts = ['one ', 'two'];
  const Parts = await Promise.all(
    parts.map(async (Body, at) => {
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: at + 1, Body }));
      return { ETag, PartNumber: at + 1 };
    }),
  );
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  expect(await text(Key)).toBe('one two');
});

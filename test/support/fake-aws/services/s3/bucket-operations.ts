import type * as client from '@aws-sdk/client-s3';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { s3State } from './s3-state.js';

/** Buckets and those of their settings that somebody asks for. */
export function bucketOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(s3State);
  return {
    ListBuckets: () => ({
      Buckets: [...state.buckets.values()].map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt })),
    }),
    CreateBucket({ Bucket = '' }: client.CreateBucketCommandInput) {
      if (state.buckets.has(Bucket)) {
        throw new ServiceError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded.',
          {
            status: 409,
          },
        );
      }
      state.add(Bucket);
      return { Location: `/${Bucket}` };
    },
    DeleteBucket({ Bucket = '' }: client.DeleteBucketCommandInput) {
      if (state.bucket(Bucket).objects.size > 0) {
        throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', { status: 409 });
      }
      state.buckets.delete(Bucket);
    },
    HeadBucket({ Bucket = '' }: client.HeadBucketCommandInput) {
      state.bucket(Bucket);
      return { BucketRegion: world.region };
    },
    GetBucketLocation({ Bucket = '' }: client.GetBucketLocationCommandInput) {
      state.bucket(Bucket);
      return { LocationConstraint: world.region };
    },
    GetBucketVersioning: ({ Bucket = '' }: client.GetBucketVersioningCommandInput) => {
      const { versioning } = state.bucket(Bucket);
      return { ...(versioning !== undefined && { Status: versioning }) };
    },
    PutBucketVersioning({ Bucket = '', VersioningConfiguration }: client.PutBucketVersioningCommandInput) {
      state.bucket(Bucket).versioning = VersioningConfiguration?.Status;
    },
    GetBucketEncryption({ Bucket = '' }: client.GetBucketEncryptionCommandInput) {
      const { algorithm, keyId } = state.bucket(Bucket).encryption;
      const byDefault = { SSEAlgorithm: algorithm, ...(keyId !== undefined && { KMSMasterKeyID: keyId }) };
      return { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] } };
    },
    GetBucketPolicy({ Bucket = '' }: client.GetBucketPolicyCommandInput) {
      const { policy } = state.bucket(Bucket);
      if (policy !== undefined) return { Policy: policy };
      throw new ServiceError('NoSuchBucketPolicy', 'The bucket policy does not exist', { status: 404 });
    },
    GetBucketTagging({ Bucket = '' }: client.GetBucketTaggingCommandInput) {
      const { tags } = state.bucket(Bucket);
      if (tags.length > 0) return { TagSet: tags };
      throw new ServiceError('NoSuchTagSet', 'The TagSet does not exist', { status: 404 });
    },
  };
}

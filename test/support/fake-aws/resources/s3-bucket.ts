import type { Properties, ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import { s3State, type FakeBucket } from '../services/s3/s3-state.js';

interface BucketProperties {
  readonly BucketName?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly VersioningConfiguration?: { readonly Status: 'Enabled' | 'Suspended' };
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration: readonly {
      readonly ServerSideEncryptionByDefault?: {
        readonly SSEAlgorithm: 'AES256' | 'aws:kms';
        readonly KMSMasterKeyID?: string;
      };
    }[];
  };
}

/** A bucket of the fake S3. It is deleted only when it is empty, of old versions as well. */
export const bucketType: ResourceType = {
  type: 'AWS::S3::Bucket',
  async create(properties, { world, newName }) {
    const name = (properties as BucketProperties).BucketName ?? newName(63).toLowerCase();
    const state = world.state(s3State);
    if (state.buckets.has(name)) throw new Error(`${name} already exists`);
    configure(state.add(name), properties);
    const host = `${name}.s3`;
    return {
      physicalId: name,
      attributes: {
        Arn: world.arn('s3', name),
        DomainName: `${host}.amazonaws.com`,
        RegionalDomainName: `${host}.${world.region}.amazonaws.com`,
        DualStackDomainName: `${host}.dualstack.${world.region}.amazonaws.com`,
        WebsiteURL: `http://${host}-website.${world.region}.amazonaws.com`,
      },
    };
  },
  async update(resource, properties, _previous, { world }) {
    configure(world.state(s3State).bucket(resource.physicalId), properties);
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    const { buckets } = world.state(s3State);
    const objects = buckets.get(physicalId)?.objects.size ?? 0;
    if (objects > 0)
      throw new ServiceError(
        'BucketNotEmpty',
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket. (Service: S3, Status Code: 409)',
      );
    buckets.delete(physicalId);
  },
};

/** Kept with its bucket, never evaluated. */
export const bucketPolicyType: ResourceType = {
  type: 'AWS::S3::BucketPolicy',
  async create({ Bucket, PolicyDocument }, { world }) {
    world.state(s3State).bucket(String(Bucket)).policy = JSON.stringify(PolicyDocument);
    return { physicalId: String(Bucket), attributes: {} };
  },
  async update(resource, { PolicyDocument }, _previous, { world }) {
    world.state(s3State).bucket(resource.physicalId).policy = JSON.stringify(PolicyDocument);
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    const bucket = world.state(s3State).buckets.get(physicalId);
    if (bucket !== undefined) bucket.policy = undefined;
  },
};

function configure(bucket: FakeBucket, properties: Properties): void {
  const { Tags = [], VersioningConfiguration, BucketEncryption } = properties as BucketProperties;
  const byDefault = BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault;
  bucket.tags = Tags;
  bucket.versioning = VersioningConfiguration?.Status;
  bucket.encryption = { algorithm: byDefault?.SSEAlgorithm ?? 'AES256', keyId: byDefault?.KMSMasterKeyID };
}

import { describe, expect, test } from 'vitest';
import {
  BackupBucket,
  type BackupBucketProps,
  ImageRepository,
  type ImageRepositoryProps,
  RedisCache,
  type RedisCacheProps,
  TaskQueue,
  WriteOnlySecret,
} from '../../../constructs/gcp/index.js';
import { project, region, surroundings, synthesizedTerraform } from '../../support/synthesized-terraform.js';

describe('Redis', () => {
  const redis = (props: Partial<RedisCacheProps> = {}) =>
    synthesizedTerraform(
      (stack) => void new RedisCache(stack, 'Cache', { ...surroundings(stack), instanceName: 'support', ...props }),
    );

  test('has a password and TLS, and a standby (CKV_GCP_95, CKV_GCP_97)', () => {
    expect(redis().resources['google_redis_instance.Cache']).toMatchObject({
      tier: 'STANDARD_HA',
      auth_enabled: true,
      transit_encryption_mode: 'SERVER_AUTHENTICATION',
      connect_mode: 'PRIVATE_SERVICE_ACCESS',
      redis_configs: { 'maxmemory-policy': 'noeviction' },
      lifecycle: { prevent_destroy: true },
      depends_on: [expect.stringMatching(/^google_service_networking_connection\./)],
    });
  });

  test.each<[Partial<RedisCacheProps>, string]>([
    [{ readReplicas: 1, highAvailability: false, memoryGiB: 5 }, 'readReplicas need highAvailability'],
    [{ readReplicas: 1 }, 'readReplicas need 5 GiB or more, not 1'],
    [
      { instanceName: 'a'.repeat(41) },
      `instanceName "${'a'.repeat(41)}" is not 1 to 40 lower-case letters, digits and hyphens`,
    ],
    [{ memoryGiB: 301 }, 'memoryGiB 301 is not a whole number from 1 to 300'],
    [{ parameters: { maxmemory_policy: 'x' } }, 'parameter "maxmemory_policy" is not one such as maxmemory-policy'],
  ])('%j is refused', (props, message) => {
    expect(() => redis(props)).toThrow(`Test/Cache: ${message}`);
  });
});

describe('registry', () => {
  const registry = (props: Partial<ImageRepositoryProps> = {}) =>
    synthesizedTerraform(
      (stack) => void new ImageRepository(stack, 'Registry', { project, region, repositoryName: 'support', ...props }),
    );

  test('has tags that do not move, and keeps the newest images; no policy mixes both ways', () => {
    expect(registry().resources['google_artifact_registry_repository.Registry']).toMatchObject({
      docker_config: { immutable_tags: true },
      cleanup_policies: [
        { action: 'KEEP', most_recent_versions: { keep_count: 50 } },
        { action: 'DELETE', condition: { older_than: '2592000s' } },
      ],
    });
  });

  test.each<[Partial<ImageRepositoryProps>, string]>([
    [{ repositoryName: 'Support' }, 'repositoryName "Support" is not 1 to 63 lower-case letters, digits and hyphens'],
    [{ keepImages: 1 }, 'keepImages is 1; a rollback needs at least 2'],
  ])('%j is refused', (props, message) => {
    expect(() => registry(props)).toThrow(`Test/Registry: ${message}`);
  });
});

describe('secret', () => {
  const secret = (secretId: string) =>
    synthesizedTerraform(
      (stack) =>
        void new WriteOnlySecret(stack, 'Secret', { secretId, region, value: { value: '${var.it}', version: 2 } }),
    );

  test('its value is only written, and another one is another version', () => {
    const made = secret('support-token');

    expect(made.only('google_secret_manager_secret_version')).toMatchObject({
      secret_data_wo: '${var.it}',
      secret_data_wo_version: 2,
      deletion_policy: 'DISABLE',
    });
    expect(made.text).not.toContain('"secret_data"');
  });

  test('a dot in its name passes the provider, and is refused', () => {
    expect(() => secret('support.token')).toThrow('Test/Secret: "support.token" is not the name of a secret');
  });
});

describe('bucket', () => {
  const bucket = (props: Partial<BackupBucketProps> = {}) =>
    synthesizedTerraform(
      (stack) => void new BackupBucket(stack, 'Backups', { bucketName: 'support-backups', region, ...props }),
    );

  test('is closed, versioned and logged (CKV_GCP_29, 114, 78, 62, GCP-0001, 0002, 0077, 0078)', () => {
    const made = bucket();

    for (const one of made.all('google_storage_bucket'))
      expect(one).toMatchObject({
        uniform_bucket_level_access: true,
        public_access_prevention: 'enforced',
        versioning: { enabled: true },
        force_destroy: false,
      });
    expect(made.resources['google_storage_bucket.Backups']).toMatchObject({
      logging: { log_object_prefix: 'backups' },
      lifecycle_rule: [
        { action: { type: 'Delete' }, condition: { days_since_noncurrent_time: 30, with_state: 'ARCHIVED' } },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
      ],
    });
  });

  test('a name with upper case passes the provider, and is refused', () => {
    expect(() => bucket({ bucketName: 'Support-backups' })).toThrow(
      'Test/Backups: bucketName "Support-backups" is not',
    );
  });
});

test('tasks that fail again and again are put aside, where they stay', () => {
  const made = synthesizedTerraform(
    (stack) => void new TaskQueue(stack, 'Queue', { project, projectNumber: '1234', queueName: 'support-queue' }),
  );

  expect(made.resources['google_pubsub_subscription.Queue']).toMatchObject({
    topic: '${google_pubsub_topic.Queue.id}',
    dead_letter_policy: { max_delivery_attempts: 10 },
    expiration_policy: { ttl: '' },
  });
  expect(made.all('google_pubsub_subscription')).toHaveLength(2);
  expect(made.only('google_pubsub_topic_iam_member')).toMatchObject({
    member: 'serviceAccount:service-1234@gcp-sa-pubsub.iam.gserviceaccount.com',
  });
});

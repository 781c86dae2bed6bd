import { GoogleError, notFound } from '../../google-error.js';
import { enabledServices } from '../project/serviceusage.js';
import { redisInstances } from '../redis/redis.js';
import { repositories } from '../registry/repositories.js';
import { secretStore } from '../secretmanager/secret-store.js';
import { databaseState } from '../sql/database-state.js';
import { certificateOf } from '../sql/sql.js';
import { storageState } from '../storage/storage-state.js';
import { type Attributes, block, blocks, type ResourceType, text } from './resource-type.js';

const lastPart = (value: unknown): string => String(value).split('/').at(-1) ?? '';
const accessor = 'roles/secretmanager.secretAccessor';

/** Of what Terraform makes, that which other parts of the fake know as well. */
export const dataTypes: readonly ResourceType[] = [
  {
    type: 'google_project_service',
    create: (attributes, { world }) => {
      world.state(enabledServices).add(String(attributes['service']));
      return {};
    },
  },
  {
    type: 'google_artifact_registry_repository',
    create: (attributes, { world }) => {
      const name = String(attributes['repository_id']);
      const known = world.state(repositories);
      if (known.has(name)) throw new GoogleError('ALREADY_EXISTS', 'the repository already exists');
      const location = text(attributes['location']) ?? world.region;
      const immutableTags = block(attributes['docker_config'])?.['immutable_tags'] === true;
      known.set(name, { name, location, createdAt: new Date(), immutableTags });
      return { name, registry_uri: `${location}-docker.pkg.dev/${world.project}/${name}` };
    },
    delete: (attributes, { world }) => void world.state(repositories).delete(String(attributes['repository_id'])),
  },
  {
    type: 'google_secret_manager_secret',
    create: (attributes, { world }) => {
      const { secrets, create } = world.state(secretStore);
      const name = String(attributes['secret_id']);
      if (secrets.has(name)) throw new GoogleError('ALREADY_EXISTS', `Secret [${name}] already exists.`);
      create(name, { labels: (attributes['labels'] ?? {}) as Record<string, string> });
      return { name: `projects/${world.projectNumber}/secrets/${name}` };
    },
    delete: (attributes, { world }) => void world.state(secretStore).secrets.delete(String(attributes['secret_id'])),
  },
  {
    type: 'google_secret_manager_secret_version',
    create: (attributes, { world, writeOnly }) => {
      const secret = world.state(secretStore).secrets.get(lastPart(attributes['secret']));
      if (secret === undefined) throw notFound(`Secret [${String(attributes['secret'])}] not found.`);
      const data = writeOnly['secret_data_wo'] ?? attributes['secret_data'] ?? '';
      const version = String(secret.add(Buffer.from(String(data))).number);
      return { version, name: `projects/${world.projectNumber}/secrets/${secret.name}/versions/${version}` };
    },
  },
  {
    type: 'google_secret_manager_secret_iam_member',
    create: (attributes, { world }) => {
      const { secrets, grant } = world.state(secretStore);
      const name = lastPart(attributes['secret_id']);
      if (!secrets.has(name)) throw notFound(`Secret [projects/${world.projectNumber}/secrets/${name}] not found.`);
      if (attributes['role'] === accessor) grant(name, String(attributes['member']));
      return { etag: 'BwY=' };
    },
    delete: (attributes, { world }) => {
      const { revoke } = world.state(secretStore);
      if (attributes['role'] === accessor) revoke(lastPart(attributes['secret_id']), String(attributes['member']));
    },
  },
  {
    type: 'google_storage_bucket',
    create: (attributes, { world }) => {
      const name = String(attributes['name']);
      world.state(storageState).createBucket(name, bucketSettings(attributes));
      return { url: `gs://${name}`, self_link: `https://www.googleapis.com/storage/v1/b/${name}` };
    },
    update: (attributes, _prior, { world }) => {
      const bucket = world.state(storageState).bucket(String(attributes['name']));
      bucket.settings = { ...bucket.settings, ...bucketSettings(attributes) };
      return {};
    },
    delete: (attributes, { world }) => {
      const { buckets, bucket } = world.state(storageState);
      const found = bucket(String(attributes['name']));
      if ((found.live.size > 0 || found.noncurrent.length > 0) && attributes['force_destroy'] !== true) {
        const message = `Error trying to delete bucket ${found.name} containing objects without \`force_destroy\` set to true`;
        throw new GoogleError('ABORTED', message);
      }
      buckets.delete(found.name);
    },
  },
  {
    type: 'google_sql_database_instance',
    create: async (attributes, { world }) => {
      const instance = await world.state(databaseState).create(String(attributes['name']), {
        version: text(attributes['database_version']) ?? 'POSTGRES_16',
        settings: databaseSettings(attributes),
        ...(text(attributes['master_instance_name']) === undefined
          ? {}
          : { master: String(attributes['master_instance_name']) }),
      });
      const { name, address } = instance;
      return {
        private_ip_address: address,
        first_ip_address: address,
        ip_address: [{ type: 'PRIVATE', ip_address: address }],
        connection_name: `${world.project}:${world.region}:${name}`,
        server_ca_cert: [{ cert: certificateOf(instance), common_name: name }],
        service_account_email_address: `p${world.projectNumber}-${world.newId(6)}@gcp-sa-cloud-sql.iam.gserviceaccount.com`,
      };
    },
    update: (attributes, _prior, { world }) => {
      world.state(databaseState).instance(String(attributes['name'])).settings = databaseSettings(attributes);
      return {};
    },
    delete: async (attributes, { world }) => {
      const state = world.state(databaseState);
      await state.remove(state.instance(String(attributes['name'])));
    },
  },
  {
    type: 'google_sql_database',
    create: async (attributes, { world }) => {
      const state = world.state(databaseState);
      await state.createDatabase(state.instance(text(attributes['instance'])), String(attributes['name']));
      return {};
    },
  },
  {
    type: 'google_sql_user',
    create: async (attributes, context) => await setUser(attributes, context),
    update: async (attributes, _prior, context) => await setUser(attributes, context),
  },
  {
    type: 'google_redis_instance',
    create: (attributes, { world }) => {
      const name = String(attributes['name']);
      const instance = { name, host: '127.255.0.1', authString: world.newId(32) };
      world.state(redisInstances).set(name, instance);
      const isSecure = attributes['transit_encryption_mode'] === 'SERVER_AUTHENTICATION';
      return {
        host: instance.host,
        port: isSecure ? 6378 : 6379,
        auth_string: instance.authString,
        server_ca_certs: isSecure ? [{ cert: '-----BEGIN CERTIFICATE-----\nfake\n-----END CERTIFICATE-----\n' }] : [],
        current_location_id: `${world.region}-a`,
      };
    },
    delete: (attributes, { world }) => void world.state(redisInstances).delete(String(attributes['name'])),
  },
];

async function setUser(
  attributes: Attributes,
  { world, writeOnly }: Parameters<ResourceType['create']>[1],
): Promise<Attributes> {
  const password = writeOnly['password_wo'] ?? attributes['password'];
  const state = world.state(databaseState);
  const instance = state.instance(text(attributes['instance']));
  await state.setUser(instance, String(attributes['name']), String(password ?? ''));
  return { host: '' };
}

function bucketSettings(attributes: Attributes): Readonly<Record<string, unknown>> {
  const isUniform = attributes['uniform_bucket_level_access'] === true;
  return {
    location: text(attributes['location']),
    versioning: { enabled: block(attributes['versioning'])?.['enabled'] === true },
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: isUniform },
      publicAccessPrevention: text(attributes['public_access_prevention']) ?? 'inherited',
    },
    labels: attributes['labels'] ?? {},
  };
}

function databaseSettings(attributes: Attributes): Readonly<Record<string, unknown>> {
  const settings = block(attributes['settings']) ?? {};
  return {
    tier: settings['tier'],
    edition: settings['edition'],
    availabilityType: settings['availability_type'] ?? 'ZONAL',
    dataDiskSizeGb: String(settings['disk_size'] ?? 10),
    retainBackupsOnDelete: settings['retain_backups_on_delete'] === true,
    deletionProtectionEnabled: settings['deletion_protection_enabled'] === true,
    databaseFlags: blocks(settings['database_flags']).map(({ name, value }) => ({ name, value })),
  };
}

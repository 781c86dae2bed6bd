import { describe, expect, test } from 'vitest';
import { ephemeralValue, PostgresInstance, type PostgresInstanceProps } from '../../../../constructs/gcp/index.js';
import { surroundings, synthesizedTerraform } from '../../../support/synthesized-terraform.js';

const postgres = (props: Partial<PostgresInstanceProps> = {}) =>
  synthesizedTerraform(
    (stack) =>
      void new PostgresInstance(stack, 'Postgres', {
        ...surroundings(stack),
        instanceName: 'support-production',
        password: ephemeralValue(stack, { name: 'postgres_password', description: 'of the user', version: 3 }),
        ...props,
      }),
  );

describe('with nothing but what has to be given', () => {
  const made = postgres();
  const instance = made.only('google_sql_database_instance');

  test('says its edition, whose default knows no db-custom', () => {
    expect(instance).toMatchObject({
      database_version: 'POSTGRES_17',
      settings: { edition: 'ENTERPRISE', tier: 'db-custom-2-8192', availability_type: 'REGIONAL' },
    });
  });

  test('has no public address and asks for TLS (CKV_GCP_60, CKV_GCP_11, GCP-0015, GCP-0017)', () => {
    expect(instance).toMatchObject({
      settings: { ip_configuration: { ipv4_enabled: false, ssl_mode: 'ENCRYPTED_ONLY' } },
    });
  });

  test('waits for the connection that nothing refers to', () => {
    expect(instance['depends_on']).toEqual([expect.stringMatching(/^google_service_networking_connection\./)]);
  });

  test('is backed up, to any point in time (CKV_GCP_14, GCP-0024)', () => {
    expect(instance).toMatchObject({
      settings: {
        backup_configuration: {
          enabled: true,
          point_in_time_recovery_enabled: true,
          transaction_log_retention_days: 7,
          backup_retention_settings: { retained_backups: 30 },
        },
        retain_backups_on_delete: true,
      },
    });
  });

  test('is guarded from deletion three times, under a fixed name of the state', () => {
    expect(made.resources['google_sql_database_instance.Postgres']).toMatchObject({
      deletion_protection: true,
      settings: { deletion_protection_enabled: true },
      lifecycle: { prevent_destroy: true, ignore_changes: ['settings[0].disk_size'] },
    });
  });

  test('the password is an argument that is only written, from a variable that is forgotten', () => {
    expect(made.only('google_sql_user')).toMatchObject({
      password_wo: '${var.postgres_password}',
      password_wo_version: 3,
      deletion_policy: 'ABANDON',
    });
    expect(made.variables['postgres_password']).toMatchObject({ ephemeral: true, sensitive: true, nullable: false });
  });
});

test('replicas are under fixed names, too, and have no backups of their own', () => {
  const made = postgres({ readReplicas: 2, highAvailability: false });

  expect(Object.keys(made.resources).filter((address) => address.startsWith('google_sql_database_instance'))).toEqual([
    'google_sql_database_instance.Postgres',
    'google_sql_database_instance.PostgresReplica1',
    'google_sql_database_instance.PostgresReplica2',
  ]);
  expect(made.resources['google_sql_database_instance.PostgresReplica1']).toMatchObject({
    master_instance_name: '${google_sql_database_instance.Postgres.name}',
    settings: { availability_type: 'ZONAL' },
  });
  expect(made.resources['google_sql_database_instance.PostgresReplica1']).not.toHaveProperty(
    'settings.backup_configuration',
  );
});

test('a library that is an extension is switched on', () => {
  expect(postgres({ extensions: ['vector', 'pg_cron'] }).only('google_sql_database_instance')).toMatchObject({
    settings: { database_flags: expect.arrayContaining([{ name: 'cloudsql.enable_pg_cron', value: 'on' }]) },
  });
});

// Each of these is planned by terraform-provider-google 6.50 without a word.
test.each<[Partial<PostgresInstanceProps>, string]>([
  [{ tier: 'db-perf-optimized-N-2' }, 'tier db-perf-optimized-N-2 needs edition ENTERPRISE_PLUS'],
  [{ edition: 'ENTERPRISE_PLUS' }, 'tier db-custom-2-8192 is not one of ENTERPRISE_PLUS: db-perf-optimized-N-…'],
  [{ recoveryDays: 35 }, 'recoveryDays 35 is not 1 to 7, as edition ENTERPRISE has them'],
  [
    { instanceName: 'support_production' },
    'instanceName "support_production" is not lower-case letters, digits and hyphens',
  ],
  [{ instanceName: `a${'b'.repeat(90)}` }, `instanceName "a${'b'.repeat(90)}" has more than 87 characters`],
  [{ storageGiB: 5 }, 'storageGiB 5 is not a whole number from 10 to 65536'],
  [{ username: 'postgres' }, 'username "postgres" is a name of the server\'s own'],
  [{ readReplicas: 11 }, 'readReplicas 11 is not a whole number from 0 to 10'],
  [{ logicalId: 'my-db' }, 'logicalId "my-db" is not a letter and up to 254 letters, digits and underscores'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => postgres(props)).toThrow(`Test/Postgres: ${message}`);
});

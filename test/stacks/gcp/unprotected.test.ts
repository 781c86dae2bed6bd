import { expect, test } from 'vitest';
import { resourcesOf } from '../../../stacks/gcp/policy/configuration.js';
import { databaseName, isSecretOf } from '../../../stacks/gcp/naming.js';
import { parseSpec } from '../../../stacks/spec/index.js';
import { synthesizedStage } from '../../support/gcp/synthesized-stage.js';

const parsed = parseSpec(
  {
    name: 'agent',
    image: { build: {} },
    services: {
      api: { port: 8000, routes: [{ path: '/' }], health: { readiness: '/health' } },
      worker: { command: ['work'] },
    },
    schedules: { nightly: { cron: '0 3 * * *', command: ['x'] } },
    postgres: { readReplicas: 1, backups: { dumps: { cron: '0 4 * * *' } } },
    search: {},
    cache: {},
    queue: { engine: 'managed' },
    domain: { name: 'agent.example.com' },
    clouds: { gcp: { project: 'my-project', region: 'us-central1' } },
  },
  { stage: 'production', target: 'gcp' },
);
if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
const { spec } = parsed;

/** Arguments that keep something from being destroyed, with their addresses. */
function protections(protect: boolean): readonly string[] {
  const stacks = Object.values(synthesizedStage(spec, 'production', { release: 'r1', protect }));
  return stacks.flatMap(({ configuration }) =>
    resourcesOf(configuration).flatMap(([address, values]) => {
      const text = JSON.stringify(values);
      const found = ['"prevent_destroy":true', '"deletion_protection":true', '"deletion_protection_enabled":true'];
      const kept = found.filter((one) => text.includes(one));
      const isFullBucket = address.startsWith('google_storage_bucket.') && !text.includes('"force_destroy":true');
      return [...kept, ...(isFullBucket ? ['force_destroy'] : [])].map((one) => `${address} ${one}`);
    }),
  );
}

test('what a stage asks for without protection can all be destroyed', () => {
  // The other way round, what is looked for here would be found.
  const types = new Set(protections(true).map((one) => one.slice(0, one.indexOf('.'))));
  expect([...types].toSorted()).toEqual([
    'google_artifact_registry_repository',
    'google_cloud_run_v2_service',
    'google_compute_disk',
    'google_compute_global_address',
    'google_compute_instance',
    'google_pubsub_subscription',
    'google_pubsub_topic',
    'google_redis_instance',
    'google_sql_database_instance',
    'google_storage_bucket',
  ]);
  expect(protections(false)).toEqual([]);
});

test('a stage that comes back has a database of another name, as that of before is blocked', () => {
  const nameIn = (databaseSuffix?: string): unknown => {
    const about = databaseSuffix === undefined ? {} : { databaseSuffix };
    const { foundation } = synthesizedStage(spec, 'production', about);
    return foundation?.configuration.resource?.['google_sql_database_instance']?.['Postgres']?.['name'];
  };
  expect(nameIn()).toBe('agent-production');
  expect(nameIn('ab12')).toBe('agent-production-ab12');
  expect(databaseName({ name: 'a'.repeat(24), stage: 'b'.repeat(16) }, 'ab12')).toMatch(/-ab12$/);
});

test('secrets of a stage are told from those of one that is called alike', () => {
  const scope = { name: 'agent', stage: 'prod' };
  expect(
    [
      'agentctl-agent-prod-secrets-KEY',
      'agentctl-agent-prod-generated-search-ca',
      'agentctl-agent-prod-composed-0123456789ab',
    ].every((secret) => isSecretOf(scope, secret)),
  ).toBe(true);
  expect(
    [
      'agentctl-agent-prod-eu-secrets-KEY',
      'agentctl-agent-prod-eu-generated-postgres',
      'agentctl-agent-production-secrets-KEY',
      'agentctl-agent-prod-something-else',
    ].some((secret) => isSecretOf(scope, secret)),
  ).toBe(false);
});

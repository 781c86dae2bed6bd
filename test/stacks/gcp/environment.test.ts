import { expect, test } from 'vitest';
import { composedSecrets, composedText, environmentOn, userSecretsOf } from '../../../stacks/gcp/environment.js';
import { generatedSecretsOf } from '../../../stacks/gcp/generated-secrets.js';
import {
  accountId,
  backupBucketName,
  composedSecretName,
  databaseName,
  foundationName,
  redisName,
  revisionSuffix,
  workloadName,
} from '../../../stacks/gcp/naming.js';
import { terraformOutputs } from '../../../stacks/gcp/outputs.js';
import { workloadsOf } from '../../../stacks/spec/index.js';
import { gcpSpec } from '../../support/gcp/synthesized-stage.js';

const spec = gcpSpec('test/fixtures/specs/full.yaml');
const scope = { spec, stage: 'production', release: 'r7' };
const variables = (name: string) => {
  const workload = workloadsOf(spec).find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`no ${name}`);
  return environmentOn(scope, workload);
};

test('what is no secret is a text, a secret by itself is that secret, and any other text with one is composed', () => {
  const { ENVIRONMENT, RELEASE, POSTGRES_HOST, POSTGRES_PASSWORD, OPENAI_API_KEY, ASYNC_DATABASE_URL } =
    variables('api');

  expect(ENVIRONMENT).toEqual({ kind: 'plain', text: 'production' });
  expect(RELEASE).toEqual({ kind: 'plain', text: 'production-r7' });
  expect(POSTGRES_HOST).toEqual({ kind: 'plain', text: '${output.PostgresHost}' });
  expect(POSTGRES_PASSWORD).toMatchObject({ kind: 'generated', part: 'postgres' });
  expect(OPENAI_API_KEY).toMatchObject({
    kind: 'secret',
    name: 'agentctl-support-agent-production-secrets-OPENAI_API_KEY',
  });
  expect(ASYNC_DATABASE_URL).toMatchObject({ kind: 'composed', template: expect.stringContaining('?ssl=require') });
});

test('services go through the pooler beside them; migrations and schedules, which end, to the database', () => {
  const url = (name: string) => variables(name)['LANGGRAPH_CHECKPOINT_DB_URL'];

  expect(url('api')).toMatchObject({ template: expect.stringContaining('@127.0.0.1:5432/agent_state') });
  for (const name of ['migrate', 'reindex'])
    expect(url(name)).toMatchObject({ template: expect.stringContaining('@${output.PostgresHost}:') });
});

test('Cloud Run sets PORT itself, and containers get the CAs that Google made', () => {
  const api = variables('api');

  expect(api).not.toHaveProperty('PORT');
  expect(api).toMatchObject({
    AGENTCTL_POSTGRES_CA_CERT: { kind: 'plain', text: '${output.PostgresCaCert}' },
    AGENTCTL_CACHE_CA_CERT: { kind: 'plain', text: '${output.CacheCaCert}' },
    AGENTCTL_SEARCH_CA_CERT: { kind: 'generated', part: 'search-ca' },
  });
});

test('a composed secret is filled in from outputs and passwords', () => {
  const composed = composedSecrets(scope).find(({ template }) => template.startsWith('rediss://'));
  const text = composedText(composed?.template ?? '', {
    outputs: { CacheHost: '10.20.0.4', CachePort: '6378' },
    secrets: {},
    passwords: { cache: 'pw' },
  });

  expect(text).toBe('rediss://:pw@10.20.0.4:6378/0?ssl_cert_reqs=none');
  expect(() => composedText('${output.Nothing}', { outputs: {}, secrets: {}, passwords: {} })).toThrow(
    'output.Nothing',
  );
});

test('secrets by who makes them', () => {
  expect(userSecretsOf(scope)).toEqual(['OPENAI_API_KEY', 'JWT_SECRET_KEY', 'LANGSMITH_API_KEY']);
  expect(generatedSecretsOf(spec).map(({ part, madeBy }) => `${part} ${madeBy}`)).toEqual([
    'postgres agentctl',
    'search agentctl',
    'search-ca-key agentctl',
    'search-ca agentctl',
    'search-key agentctl',
    'search-node agentctl',
    'cache memorystore',
  ]);
});

test('names fit the longest legal agent, stage and workload, and stay apart', () => {
  const [name, stage, workload, project] = ['n'.repeat(24), 's'.repeat(16), 'w'.repeat(24), 'p'.repeat(30)];
  const long = { name, stage };
  const other = { name, stage: `${'s'.repeat(15)}t` };
  const limits: readonly (readonly [number, (at: typeof long) => string])[] = [
    [49, (at) => workloadName(at, workload)],
    [63, (at) => `${workloadName(at, workload)}-${revisionSuffix('r9999', {})}`],
    [30, (at) => accountId(at, workload)],
    [98 - 31, (at) => `${databaseName(at)}-replica-5`],
    [40, (at) => redisName(at, 'cache')],
    [58, (at) => backupBucketName(at, project)],
    [63, (at) => `${foundationName(at)}-${workload}-next`],
    [40, (at) => `${foundationName(at)}-search`],
    [255, (at) => composedSecretName(at, 'x')],
  ];
  for (const [longest, nameOf] of limits) {
    expect(nameOf(long).length).toBeLessThanOrEqual(longest);
    expect(nameOf(long)).not.toEqual(nameOf(other));
    expect(nameOf({ name: 'abc', stage: 'a' })).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
  }
  expect(accountId({ name: 'abc', stage: 'a' }, 'w').length).toBeGreaterThanOrEqual(6);
});

test('what terraform prints of outputs', () => {
  expect(terraformOutputs.parse({ Url: { value: 'https://x', type: 'string', sensitive: false } })).toEqual({
    Url: 'https://x',
  });
});

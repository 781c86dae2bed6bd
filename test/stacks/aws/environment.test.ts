import { expect, test } from 'vitest';
import { composedSecrets, composedText, environmentOn, userSecretsOf } from '../../../stacks/aws/environment.js';
import { poolerPort } from '../../../stacks/aws/environment.js';
import { generatedPassword } from '../../../stacks/aws/generated-secrets.js';
import { composedSecretName } from '../../../stacks/aws/naming.js';
import { pgbouncerPort } from '../../../constructs/pooler/pgbouncer-start.js';
import { type AgentSpec, parseSpec, workloadsOf } from '../../../stacks/spec/index.js';

const input = {
  name: 'agent',
  secrets: ['TOKEN'],
  env: {
    PLAIN: 'yes',
    HOST: '${postgres.host}:${postgres.port}',
    DATABASE_URL: '${postgres.url}',
    PASSWORD: '${postgres.password}',
    MIXED: 'Bearer ${secrets.TOKEN}',
    BRACES: '{{ x }}',
    RELEASE: '${release.id}',
  },
  services: { api: { port: 80, health: { readiness: '/health' } } },
  migrations: { command: ['migrate'] },
  postgres: { pooler: true },
  clouds: { aws: { region: 'us-east-1' } },
};

function specOf(): AgentSpec {
  const parsed = parseSpec(input, { stage: 'test', target: 'aws' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

const scope = { spec: specOf(), stage: 'test', release: 'r3' };
const [api, migration] = workloadsOf(scope.spec);
const pooled =
  'postgresql://${generated.postgres.pooledUser}:${generated.postgres.password}@${output.PoolerHost}:5432/app';
const direct =
  'postgresql://agent:${generated.postgres.password}@${output.PostgresHost}:${output.PostgresPort}/app?sslmode=require';
const composed = (template: string) => {
  const name = composedSecretName({ name: 'agent', stage: 'test' }, template);
  return { kind: 'composed', name, template };
};

test('each variable comes from where it is kept', () => {
  expect(api && environmentOn(scope, api)).toEqual({
    TOKEN: { kind: 'secret', name: 'agentctl/agent/test/secrets/TOKEN', secret: 'TOKEN' },
    PLAIN: { kind: 'plain', text: 'yes' },
    HOST: { kind: 'plain', text: '${output.PostgresHost}:${output.PostgresPort}' },
    DATABASE_URL: composed(pooled),
    PASSWORD: {
      kind: 'generated',
      name: 'agentctl/agent/test/generated/postgres',
      part: 'postgres',
      field: 'password',
    },
    MIXED: composed('Bearer ${secrets.TOKEN}'),
    BRACES: composed('{{ x }}'),
    RELEASE: { kind: 'plain', text: 'r3' },
    PORT: { kind: 'plain', text: '80' },
  });
});

test('a migration goes around the pooler', () => {
  expect(migration && environmentOn(scope, migration)['DATABASE_URL']).toEqual(composed(direct));
});

test('composed secrets are there once, and are filled from outputs and secrets', () => {
  expect(composedSecrets(scope).map(({ template }) => template)).toEqual([
    pooled,
    'Bearer ${secrets.TOKEN}',
    '{{ x }}',
    direct,
  ]);
  const values = {
    outputs: { PoolerHost: 'pooler' },
    secrets: { TOKEN: 't' },
    passwords: { postgres: 'p' },
    pooledUser: 'agent_2',
  };
  expect(composedText(pooled, values)).toBe('postgresql://agent_2:p@pooler:5432/app');
  expect(() => composedText(direct, values)).toThrow('output.PostgresHost');
  expect(userSecretsOf(scope)).toEqual(['TOKEN']);
});

test('the pooler is reached where its construct listens', () => {
  expect(poolerPort).toBe(pgbouncerPort);
});

test('a generated password has every kind of character that a part asks for', () => {
  expect(generatedPassword(new Uint8Array(24).fill(255))).toBe(`Ag1-${'f'.repeat(48)}`);
  expect(() => generatedPassword(new Uint8Array(8))).toThrow('24');
});

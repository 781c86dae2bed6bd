import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  caddyfile,
  composeProject,
  composeYaml,
  environmentFile,
  gatewayName,
  gatewayRoutes,
  passwordVariables,
} from '../../../../stacks/local/compose/index.js';
import { environmentOf, resolveTemplate } from '../../../../stacks/spec/index.js';
import { casesDirectory, contextFor, interpolate, readCompose, specFrom, specNamed } from './compose-files.js';

const cases = ['web', 'worker-only', 'everything', 'confined'];

test.each(cases)('%s is written as the expected Compose project', async (name) => {
  const spec = specNamed(name);

  await expect(composeYaml(contextFor(spec))).toMatchFileSnapshot(join(casesDirectory, `${name}.compose.yaml`));
  await expect(caddyfile(spec) ?? 'none\n').toMatchFileSnapshot(join(casesDirectory, `${name}.Caddyfile`));
});

test.each(cases)('what a reader of %s gets is the project itself', (name) => {
  const context = contextFor(specNamed(name));

  expect(readCompose(composeYaml(context))).toEqual(composeProject(context));
});

test.each(cases)('every dependency, network and volume of %s exists', (name) => {
  const project = composeProject(contextFor(specNamed(name)));
  const services = Object.values(project.services);

  expect(Object.keys(project.services)).toEqual(
    expect.arrayContaining(services.flatMap((service) => Object.keys(service.depends_on ?? {}))),
  );
  expect(Object.keys(project.networks)).toEqual(expect.arrayContaining(services.flatMap(({ networks }) => networks)));
  const named = services.flatMap(({ volumes }) => volumes ?? []).filter((volume) => !volume.startsWith('.'));
  expect(Object.keys(project.volumes ?? {})).toEqual(named.map((volume) => volume.split(':')[0]));
});

test.each(cases)('everything that %s asks for has a line in the .env file', (name) => {
  const spec = specNamed(name);
  const text = composeYaml(contextFor(spec));
  const asked = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, variable]) => variable));

  const written = environmentFile(contextFor(spec), undefined, () => 'made-up').text;

  const { secrets = {} } = composeProject(contextFor(spec));
  for (const { environment } of Object.values(secrets)) asked.add(environment);
  asked.add('COMPOSE_PROJECT_NAME');
  expect(new Set([...written.matchAll(/^(\w+)=/gm)].map(([, variable]) => variable))).toEqual(asked);
});

test.each(cases)('only the gateway of %s publishes a port, and only on the loopback address', (name) => {
  const { services } = composeProject(contextFor(specNamed(name)));

  for (const [service, { ports = [] }] of Object.entries(services)) {
    expect(ports.every((port) => service === gatewayName && port.startsWith('127.0.0.1:'))).toBe(true);
  }
});

test('a password is never in compose.yaml', () => {
  const spec = specNamed('everything');
  const { text } = environmentFile(contextFor(spec), undefined, () => 'canary-password');

  expect(text).toContain('canary-password');
  expect(composeYaml(contextFor(spec)) + (caddyfile(spec) ?? '')).not.toContain('canary-password');
});

test('any text reaches the container as the process runtime would set it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('$', '${', '$${', '\n', ' ', '#')), { maxLength: 8 }),
      (parts) => {
        fc.pre(!parts.join('').includes('$${'));
        const template = `${parts.join('').replaceAll('${', () => '$${')}\${postgres.user}`;
        const spec = specFrom({ ...minimal, env: { TEXT: template }, postgres: {} });

        const api = readCompose(composeYaml(contextFor(spec))).services['api'];

        const expected = resolveTemplate(template, () => 'agent');
        expect(interpolate(api?.environment?.['TEXT'] ?? '', {})).toBe(expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('words that some YAML readers take for something else stay texts', () => {
  const env = { A: 'yes', B: 'no', C: '010', D: '1_000', E: '12:30:00', F: '0o14', G: 'null', H: '1e3', Y: 'y' };
  const spec = specFrom({ ...minimal, env });

  expect(readCompose(composeYaml(contextFor(spec))).services['api']?.environment).toMatchObject(env);
  expect(composeYaml(contextFor(spec))).toContain('A: "yes"');
});

test('a command keeps its dollar signs and gets its port', () => {
  const spec = specFrom({
    ...minimal,
    services: { api: { ...minimal.services.api, command: ['sh', '-c', 'echo $HOME', '--port=${port}'] } },
  });

  const { command = [] } = composeProject(contextFor(spec)).services['api'] ?? {};

  expect(command.map((item) => interpolate(item, {}))).toEqual(['sh', '-c', 'echo $HOME', '--port=8000']);
});

test('references stand for what is inside the project', () => {
  const spec = specNamed('everything');
  const values = {
    POSTGRES_PASSWORD: 'pg',
    CACHE_PASSWORD: 'ca',
    QUEUE_PASSWORD: 'qu',
    OPENAI_API_KEY: 'ok',
    JWT_SECRET_KEY: 'jk',
  };
  const { environment = {} } = composeProject(contextFor(spec)).services['worker'] ?? {};

  expect(
    Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, interpolate(text, values)])),
  ).toEqual({
    OPENAI_API_KEY: 'ok',
    JWT_SECRET_KEY: 'jk',
    ENVIRONMENT: 'production',
    SKIP: 'yes',
    OCTAL: '0o14',
    PRICE: 'a$b local ${HOME} 100%',
    DATABASE_URL: 'postgresql://agent:pg@postgres:5432/agent_state',
    ASYNC_DATABASE_URL: 'postgresql+asyncpg://agent:pg@postgres:5432/agent_state?ssl=disable',
    ELASTICSEARCH_URL: 'http://search:9200',
    REDIS_URL: 'redis://:ca@cache:6379/0',
    CELERY_BROKER_URL: 'amqp://agent:qu@queue:5672',
    API_URL: 'http://api:8000',
    RELEASE: 'local-compose',
    CONCURRENCY: '4',
  });
  expect(Object.keys(environment)).toEqual(Object.keys(environmentOf(spec, spec.services['worker'] ?? { env: {} })));
});

test('what runs elsewhere is reached by its own address', () => {
  const { environment } = composeProject(contextFor(specNamed('worker-only'))).services['worker'] ?? {};
  const values = {
    DB_URL: 'postgres://elsewhere/db',
    SEARCH_URL: 'https://search',
    POSTGRES_PASSWORD: 'own',
    QUEUE_PASSWORD: 'qu',
  };

  expect(interpolate(environment?.['DATABASE_URL'] ?? '', values)).toBe('postgres://elsewhere/db');
  expect(interpolate(environment?.['SEARCH'] ?? '', values)).toBe('https://search/agents');
});

test('migrations run in order, before schedules and services', () => {
  const { services } = composeProject(contextFor(specNamed('everything')));

  expect(services['migrate-app']?.depends_on).not.toHaveProperty('migrate-vectors');
  expect(services['migrate-vectors']?.depends_on).toMatchObject({
    postgres: { condition: 'service_healthy' },
    'migrate-app': { condition: 'service_completed_successfully' },
  });
  for (const name of ['api', 'worker', 'reindex']) {
    expect(services[name]?.depends_on).toMatchObject({
      'migrate-vectors': { condition: 'service_completed_successfully' },
    });
  }
});

test.each([
  [{ size: 'small' }, 20, undefined],
  [{ size: 'medium' }, 20, 400],
  [{ size: 'small', maxConnections: 150 }, 20, 150],
  [{ size: 'small', pooler: true }, 200, undefined],
  [{ size: 'small', pooler: true, maxConnections: 150 }, 200, 150],
])('a database of %j accepts what two replicas with a pool of %i open', (postgres, pool, accepted) => {
  const api = { ...minimal.services.api, scale: { min: 2 }, pool: { size: pool } };
  const { services } = composeProject(contextFor(specFrom({ ...minimal, services: { api }, postgres })));

  expect(services['postgres']?.command).toEqual(
    accepted === undefined ? undefined : ['postgres', '-c', `max_connections=${accepted}`],
  );
});

describe('with a pooler', () => {
  const { services } = composeProject(contextFor(specNamed('confined')));
  const variables = { POSTGRES_PASSWORD: 'pg', OPENAI_API_KEY: 'ok' };
  const environmentIn = (name: string) =>
    Object.fromEntries(
      Object.entries(services[name]?.environment ?? {}).map(([key, text]) => [key, interpolate(text, variables)]),
    );

  test.each(['api', 'worker', 'tidy'])(
    '%s reaches the database through it, and directly where it asks for that',
    (name) => {
      expect(environmentIn(name)).toMatchObject({
        DATABASE_URL: 'postgresql://agent:pg@pooler:5432/app',
        LISTEN_URL: 'postgresql://agent:pg@postgres:5432/app',
        POSTGRES_HOST: 'postgres',
      });
      expect(services[name]?.depends_on).toMatchObject({ pooler: { condition: 'service_healthy' } });
    },
  );

  test('the migration does not, and does not wait for it', () => {
    expect(environmentIn('migrate')).toMatchObject({ DATABASE_URL: 'postgresql://agent:pg@postgres:5432/app' });
    expect(services['migrate']?.depends_on).not.toHaveProperty('pooler');
  });

  test('its password is only in its environment', () => {
    const { entrypoint = [], environment } = services['pooler'] ?? {};

    expect(environmentIn('pooler')).toEqual({ PGPASSWORD: 'pg' });
    expect(Object.keys(environment ?? {})).toEqual(['PGPASSWORD']);
    expect(entrypoint.map((item) => interpolate(item, {})).join('\n')).toContain('"$PGPASSWORD"');
  });
});

describe('a Temporal dev server', () => {
  const { services } = composeProject(contextFor(specNamed('confined')));

  test('is found by its variables, unless env sets them', () => {
    const address = { TEMPORAL_ADDRESS: 'temporal:7233' };

    expect(services['api']?.environment).toMatchObject({ ...address, TEMPORAL_NAMESPACE: 'agents' });
    expect(services['worker']?.environment).toMatchObject({ ...address, TEMPORAL_NAMESPACE: 'own' });
  });

  test('is there before whatever uses it', () => {
    for (const name of ['api', 'worker', 'tidy', 'migrate']) {
      expect(services[name]?.depends_on).toMatchObject({ temporal: { condition: 'service_healthy' } });
    }
  });
});

describe('containers of the agent', () => {
  test.each(cases)('of %s have no capability and cannot gain any', (name) => {
    const spec = specNamed(name);
    const { services } = composeProject(contextFor(spec));
    const own = [
      ...Object.keys(spec.services),
      ...Object.keys(spec.schedules),
      ...spec.migrations.map((one) => one.name),
    ];

    for (const service of own) {
      expect(services[service]).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    }
  });

  test('are confined as the file says', () => {
    const { services } = composeProject(contextFor(specNamed('confined')));

    for (const name of ['api', 'worker', 'tidy', 'migrate']) {
      expect(services[name]).toMatchObject({
        read_only: true,
        tmpfs: ['/tmp', '/var/cache/app'],
        user: '10001:10001',
        cap_add: ['NET_BIND_SERVICE'],
      });
    }
  });

  test('that are read-only can write to /tmp', () => {
    const spec = specFrom({ ...minimal, clouds: { local: { runtime: 'docker', docker: { readOnly: true } } } });

    expect(composeProject(contextFor(spec)).services['api']).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
  });
});

test('what only a build or a registry needs is in no container', () => {
  const spec = specNamed('confined');
  const { services, secrets } = composeProject(contextFor(spec));

  expect(secrets).toEqual({ NPM_TOKEN: { environment: 'NPM_TOKEN' } });
  expect(services['api']?.build?.secrets).toEqual(['NPM_TOKEN']);
  expect(Object.values(services).flatMap(({ environment }) => Object.keys(environment ?? {}))).not.toContain(
    'NPM_TOKEN',
  );
  expect(composeYaml(contextFor(spec))).not.toContain('REGISTRY_TOKEN');
  expect(environmentFile(contextFor(spec), undefined, () => 'made-up').missing).toEqual([
    'OPENAI_API_KEY',
    'NPM_TOKEN',
  ]);
});

test('a queue uses the cache when both are Redis, and a server of its own otherwise', () => {
  expect(Object.keys(composeProject(contextFor(specNamed('web'))).services)).not.toContain('queue');
  expect(composeProject(contextFor(specNamed('worker-only'))).services['queue']?.image).toBe('valkey/valkey:8');
});

test('the longest path prefix comes first, whatever the order of the services', () => {
  expect(gatewayRoutes(specNamed('everything')).map(({ prefix, service }) => `${prefix} ${service}`)).toEqual([
    '/api/v2 gateway',
    '/api gateway',
    '/ api',
  ]);
});

test('a generated password never shares its name with a declared secret', () => {
  const spec = specFrom({ ...minimal, secrets: ['POSTGRES_PASSWORD', 'GENERATED_POSTGRES_PASSWORD'], postgres: {} });

  expect(passwordVariables(spec)).toEqual(['GENERATED_GENERATED_POSTGRES_PASSWORD']);
});

test('a file name that Compose would misread is left out of its messages', () => {
  const spec = specFrom({ ...minimal, secrets: ['KEY'] });
  const { environment } = composeProject({ ...contextFor(spec), environmentFile: 'a}$b/.env' }).services['api'] ?? {};

  expect(environment?.['KEY']).toBe('${KEY:?set KEY in the .env file beside compose.yaml}');
});

const minimal = {
  name: 'minimal',
  services: { api: { port: 8000, routes: [{ path: '/' }], health: { readiness: '/health' } } },
  clouds: { local: { runtime: 'docker' } },
};

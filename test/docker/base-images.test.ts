import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerOutput } from '../support/docker/docker-command.js';
import { dockerTier, hasDocker } from '../support/docker/docker-tier.js';
import { startContainer, type TestContainer, testName } from '../support/docker/test-container.js';
import { eventually } from '../support/eventually.js';

const password = 'canary-5b1e-of-the-base-images';
const databaseEnvironment = { POSTGRES_USER: 'agent', POSTGRES_PASSWORD: password, POSTGRES_DB: 'agent_state' };
/** A cold RabbitMQ on two busy cores. */
const startSeconds = 90;

/** Resolves when a command in the container exits 0; with its last words otherwise. */
async function ready(container: TestContainer, argv: readonly string[]): Promise<void> {
  await eventually(async () => (await container.exec(argv)).exitCode === 0, startSeconds).catch(async () => {
    throw new Error(`${argv.join(' ')} never succeeded:\n${await container.logs()}`);
  });
}

const answers = ['pg_isready', '--quiet', '--host=127.0.0.1', '--username=agent', '--dbname=agent_state'];

describe.skipIf(!hasDocker())('base images', () => {
  const network = testName();
  const containers: TestContainer[] = [];
  const start = async (options: Parameters<typeof startContainer>[0]): Promise<TestContainer> => {
    const container = await startContainer(options);
    containers.push(container);
    return container;
  };
  let postgres: TestContainer;

  beforeAll(async () => {
    const { client, images } = dockerTier();
    await dockerOutput(client.program, ['network', 'create', network]);
    postgres = await start({
      image: images.postgres,
      environment: databaseEnvironment,
      command: ['postgres', '-c', 'max_connections=42'],
      ports: [5432],
      network,
      networkAlias: 'postgres',
    });
    await ready(postgres, answers);
  });

  afterAll(async () => {
    await Promise.all(containers.map((container) => container.remove()));
    await dockerOutput(dockerTier().client.program, ['network', 'rm', network]);
  });

  const connect = async (port: number, given = password): Promise<Client> => {
    const client = new Client({ host: '127.0.0.1', port, user: 'agent', password: given, database: 'agent_state' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  describe('postgres', () => {
    test('takes its password and no other, and the arguments of its command', async () => {
      const port = await postgres.port(5432);
      const client = await connect(port);

      expect((await client.query('SHOW max_connections')).rows).toEqual([{ max_connections: '42' }]);
      await client.end();
      await expect(connect(port, 'wrong')).rejects.toMatchObject({ code: '28P01' });
    });

    test('dumps and restores a database with its own tools', async () => {
      const shell = (script: string) => postgres.exec(['sh', '-c', `set -e; ${script}`]);
      const dumped = await shell(
        `psql -qU agent agent_state -c 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n'
         pg_dump -U agent -Fc agent_state > /tmp/dump && createdb -U agent again
         pg_restore -U agent -d again /tmp/dump && psql -qtAU agent again -c 'SELECT sum(n) FROM kept'`,
      );

      expect(dumped).toMatchObject({ exitCode: 0, stdout: '500500' });
    });

    test('keeps its data over a stop, which is fast although a client is connected', async () => {
      const client = await connect(await postgres.port(5432));
      await client.query('CREATE TABLE survives AS SELECT 1 AS n');

      expect(await postgres.stop()).toBe(0);
      expect(await postgres.logs()).toContain('received fast shutdown request');
      await client.end().catch(() => undefined);
      await postgres.start();
      await ready(postgres, answers);

      const after = await connect(await postgres.port(5432));
      expect((await after.query('SELECT n FROM survives')).rows).toEqual([{ n: 1 }]);
      await after.end();
    });

    test('runs as its own user, and refuses to begin without a password', async () => {
      const { stdout } = await postgres.exec(['stat', '--format=%U', '/proc/1']);
      const { client, images } = dockerTier();

      expect(stdout.trim()).toBe('postgres');
      await expect(dockerOutput(client.program, ['run', '--rm', images.postgres])).rejects.toThrow(
        'superuser password is not specified',
      );
    });
  });

  // Against a server that speaks SCRAM an MD5 of the password is of no use.
  test.each<[string, Record<string, string>]>([
    ['SCRAM', { AUTH_TYPE: 'scram-sha-256', DB_HOST: 'postgres', DB_USER: 'agent', DB_PASSWORD: password }],
    ['a plain password', { AUTH_TYPE: 'plain', DB_HOST: 'postgres', DB_USER: 'agent', DB_PASSWORD: password }],
    ['a URL', { AUTH_TYPE: 'scram-sha-256', DATABASE_URL: `postgres://agent:${password}@postgres:5432/agent_state` }],
  ])('pgbouncer passes queries on, told by %s', async (_how, environment) => {
    const { images } = dockerTier();
    const pooler = await start({
      image: images.pgbouncer,
      environment: { ...environment, POOL_MODE: 'transaction', MAX_CLIENT_CONN: '200' },
      ports: [5432],
      network,
    });
    const port = await pooler.port(5432);
    const client = await eventually(() => connect(port).catch(() => undefined), 20).catch(async () => {
      throw new Error(await pooler.logs());
    });

    expect((await client.query('SELECT current_user')).rows).toEqual([{ current_user: 'agent' }]);
    await client.end();
    await expect(connect(port, 'wrong')).rejects.toThrow();
  });

  test('valkey reads its configuration from stdin, asks for the password and keeps what it was told', async () => {
    const { images } = dockerTier();
    const config = 'requirepass $REDISCLI_AUTH\nappendonly yes\ndir /data\nmaxmemory $MAXMEMORY\n';
    const valkey = await start({
      image: images.valkey,
      command: ['sh', '-c', `exec docker-entrypoint.sh valkey-server - <<CONFIG\n${config}CONFIG\n`],
      environment: { REDISCLI_AUTH: password, MAXMEMORY: '64mb' },
    });
    const ask = async (command: string, environment?: Record<string, string>): Promise<string> =>
      (await valkey.exec(['sh', '-c', `valkey-cli ${command}`], environment)).stdout;
    await ready(valkey, ['sh', '-c', 'valkey-cli ping | grep -q PONG']);

    expect(await ask('get x', { REDISCLI_AUTH: '' })).toContain('NOAUTH');
    expect(await ask('set x kept')).toBe('OK');
    expect(await ask('config get maxmemory')).toContain(String(64 * 1024 * 1024));
    expect(await valkey.stop()).toBe(0);
    await valkey.start();
    await ready(valkey, ['sh', '-c', 'valkey-cli ping | grep -q PONG']);
    expect(await ask('get x')).toBe('kept');
    expect((await valkey.exec(['stat', '--format=%U', '/proc/1'])).stdout).toBe('redis');
  });

  test('rabbitmq knows the user it was given and no guest, and takes connections', async () => {
    const { images } = dockerTier();
    const rabbitmq = await start({
      image: images.rabbitmq,
      environment: { RABBITMQ_DEFAULT_USER: 'agent', RABBITMQ_DEFAULT_PASS: password },
    });
    await ready(rabbitmq, ['rabbitmq-diagnostics', '--quiet', 'check_port_connectivity']);
    const login = async (user: string, given: string): Promise<string> =>
      (await rabbitmq.exec(['sh', '-c', 'rabbitmqctl -q authenticate_user "$0" "$P"', user], { P: given })).stdout;

    expect(await login('agent', password)).toContain('Success');
    expect(await login('agent', 'wrong')).not.toContain('Success');
    expect((await rabbitmq.exec(['rabbitmqctl', '-q', 'list_users'])).stdout).not.toContain('guest');
    expect(await rabbitmq.stop()).toBe(0);
  });

  test('python has what an agent imports', async () => {
    const { client, images } = dockerTier();
    const modules = 'fastapi, uvicorn, sqlalchemy, alembic, psycopg2, asyncpg, celery, redis, venv';

    const versions = await dockerOutput(client.program, [
      'run',
      '--rm',
      images.python,
      'python',
      '-c',
      `import ${modules}; print(fastapi.__version__, sqlalchemy.__version__, alembic.__version__, celery.__version__)`,
    ]);

    expect(versions).toMatch(/^0\.92\.\d+ 1\.4\.\d+ 1\.8\.\d+ 5\.2\.\d+$/);
  });

  test('search finds what was put into it, also after a restart', async () => {
    const { images } = dockerTier();
    const search = await start({ image: images.search, ports: [9200] });
    await ready(search, [
      'curl',
      '--fail',
      '--silent',
      '--output',
      '/dev/null',
      'http://127.0.0.1:9200/_cluster/health',
    ]);
    const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
      const url = `http://127.0.0.1:${await search.port(9200)}${path}`;
      const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return await response.json();
    };
    await ask('PUT', '/notes/_doc/1', { text: 'The agent remembers Ada' });
    await ask('PUT', '/notes/_doc/2', { text: 'nothing here' });
    expect(await search.stop()).toBe(0);
    await search.start();
    const found = await eventually(
      () => ask('POST', '/notes/_search', { query: { match: { text: 'ada' } } }).catch(() => undefined),
      20,
    );

    expect(found).toMatchObject({ hits: { total: { value: 1 }, hits: [{ _id: '1' }] } });
    expect(await ask('GET', '/nowhere/_search')).toMatchObject({ status: 404 });
  });

  test('caddy reads a Caddyfile', async () => {
    const { images } = dockerTier();
    const script =
      'printf ":8080 {\\nrespond hello\\n}\\n" > /tmp/Caddyfile && exec caddy run --config /tmp/Caddyfile --adapter caddyfile';
    const caddy = await start({ image: images.caddy, command: ['sh', '-c', script], ports: [8080] });
    const url = `http://127.0.0.1:${await caddy.port(8080)}/`;

    const text = await eventually(
      () =>
        fetch(url).then(
          (response) => response.text(),
          () => undefined,
        ),
      30,
    );

    expect(text).toBe('hello');
  });
});

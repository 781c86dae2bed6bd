import { chmod, cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { readSupervisorFile } from '../../cli/supervisor/supervisor-file.js';
import { dockerOutput } from '../support/docker/docker-command.js';
import { dockerTier, hasDocker } from '../support/docker/docker-tier.js';
import { eventually } from '../support/eventually.js';
import { killProcess } from '../support/kill-process.js';
import { type CliResult, lastLine, plainEnvironment, startCli } from '../support/local-cli.js';

const certificate = 'first line\nsecond line\nthird line';

// One story: bringing up six servers is the expensive part.
describe.skipIf(!hasDocker())('an agent with every server, in containers', () => {
  let root = '';
  let directory = '';
  let url = '';
  let prefix = '';

  const docker = (...args: string[]): Promise<string> => dockerOutput(dockerTier().client.program, args);
  const agentctl = async (args: readonly string[], input?: string): Promise<CliResult> => {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    return await startCli([...args.slice(0, end), '--cloud', 'local', '-C', directory, ...args.slice(end)], {
      workingDirectory: root,
      environment: plainEnvironment(root),
      limitSeconds: 400,
      ...(input === undefined ? {} : { input }),
    }).ended;
  };
  const ok = async (args: readonly string[], input?: string): Promise<CliResult> => {
    const result = await agentctl(args, input);
    expect(result.exitCode, result.stderr).toBe(0);
    return result;
  };
  const everything = async (): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}/all`);
    return (await response.json()) as Record<string, unknown>;
  };
  const containersOf = async (part: string): Promise<readonly string[]> => {
    const names = await docker('ps', '--filter', `name=${prefix}-${part}`, '--format', '{{.Names}}');
    return names.split('\n').filter((name) => name !== '');
  };

  beforeAll(async () => {
    const { images } = dockerTier();
    root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-servers-')));
    await chmod(root, 0o755);
    directory = join(root, 'agent');
    await cp(join(import.meta.dirname, '../fixtures/docker-agent'), directory, { recursive: true });
    const spec = {
      name: 'every-server',
      image: { build: { context: '.', args: { BASE: images.python } } },
      secrets: ['CERTIFICATE'],
      env: {
        DATABASE_URL: '${postgres.url}',
        DIRECT_URL: '${postgres.directUrl}',
        SEARCH_URL: '${search.url}',
        CACHE_URL: '${cache.url}',
        QUEUE_URL: '${queue.url}',
        INNER_URL: '${services.inner.url}',
        WHO: 'outer',
      },
      services: {
        api: {
          port: 8000,
          routes: [{ path: '/' }],
          health: { readiness: '/health' },
          size: { cpu: 0.5, memory: '256Mi' },
        },
        inner: {
          port: 9000,
          env: { WHO: 'inner' },
          health: { readiness: '/health' },
          size: { cpu: 0.5, memory: '256Mi' },
        },
      },
      migrations: { command: ['python3', 'migrate.py'], snapshot: true },
      postgres: { version: 15, database: 'app', pooler: true },
      search: {},
      cache: {},
      queue: { engine: 'rabbitmq' },
      clouds: {
        local: {
          runtime: 'docker',
          docker: { readOnly: true, user: '10002' },
          images: {
            postgres: images.postgres,
            pooler: images.pgbouncer,
            search: images.search,
            redis: images.valkey,
            rabbitmq: images.rabbitmq,
          },
        },
      },
    };
    await writeFile(join(directory, 'agentctl.yaml'), stringify(spec));
    prefix = `agentctl-${stateLayout(join(directory, '.agentctl/local/local')).key.slice(0, 8)}`;
    await ok(['secrets', 'set', 'CERTIFICATE'], certificate);
    url = lastLine((await ok(['deploy', '--yes'])).stdout);
  }, 500_000);

  afterAll(async () => {
    const result = await agentctl(['destroy', '--delete-data', '--no-final-backup', '--yes']);
    await rm(root, { recursive: true, force: true });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(await docker('ps', '--all', '--filter', `name=${prefix}`, '--quiet')).toBe('');
    expect(await docker('volume', 'ls', '--filter', `name=${prefix}`, '--quiet')).toBe('');
    expect(await docker('network', 'ls', '--filter', `name=${prefix}`, '--quiet')).toBe('');
  });

  test('reaches every server, another service, and may do nothing else', async () => {
    expect(await everything()).toEqual({
      pooled: 0,
      direct: 'agent',
      search: 'green',
      cache: true,
      queue: 'from the agent',
      inner: 'inner',
      lines: 2,
      uid: 10_002,
      capabilities: '0000000000000000',
      noNewPrivileges: '1',
      rootIsWritable: false,
      tmpIsWritable: true,
    });
  });

  test('publishes nothing beyond this machine', async () => {
    const ports = await docker('ps', '--filter', `name=${prefix}`, '--format', '{{.Ports}}');

    expect(ports).toContain('127.0.0.1:');
    expect(ports).not.toMatch(/0\.0\.0\.0|\[?::\]?:\d/);
  });

  test('shows its servers, and logs each', async () => {
    const { stdout } = await ok(['status']);

    for (const name of ['postgres', 'pooler', 'search', 'cache', 'queue'])
      expect(stdout).toMatch(new RegExp(`^${name} .*running`, 'm'));
    expect((await ok(['logs', 'search'])).stdout).toContain('fake search listens');
  });

  test.each([
    ['a replica', 'r1-api'],
    ['the database', 'postgres'],
    ['the cache', 'cache'],
  ])('comes back by itself when a container is killed: %s', async (_, part) => {
    const [name = ''] = await containersOf(part);
    await docker('kill', name);

    await eventually(async () => (await everything())['pooled'] === 0, 120);
    expect(await containersOf(part)).toHaveLength(1);
  });

  test('comes back when its supervisor is killed, and leaves no container of before', async () => {
    const before = await docker('ps', '--filter', `name=${prefix}`, '--format', '{{.ID}}');
    killProcess(readSupervisorFile(stateLayout(join(directory, '.agentctl/local/local')))?.pid);

    await eventually(async () => (await everything().catch((): Record<string, unknown> => ({})))['pooled'] === 0, 180);
    await eventually(async () => {
      const now = await docker('ps', '--filter', `name=${prefix}`, '--format', '{{.ID}}');
      return before.split('\n').every((id) => id === '' || !now.includes(id));
    }, 60);
  });

  test('a dropped table comes back from a backup, and what was replaced is kept until it is deleted', async () => {
    await ok(['run', '--', 'python3', '-c', sql("INSERT INTO notes (text) VALUES ('kept')")]);
    const backup = lastLine((await ok(['backup', 'create'])).stdout);
    await ok(['run', '--', 'python3', '-c', sql('DROP TABLE notes')]);
    expect(await everything()).toHaveProperty('error');

    await ok(['backup', 'restore', backup, '--yes']);

    await eventually(async () => (await everything())['pooled'] === 1);
    const { stdout } = await ok(['backup', 'list']);
    const replaced = /REPLACED DATABASE.*\n(\S+)/.exec(stdout)?.[1] ?? '';
    await ok(['backup', 'delete', replaced, '--yes']);
    expect((await ok(['backup', 'list'])).stdout).not.toContain('REPLACED');
  });
});

function sql(statement: string): string {
  return `import os, psycopg2
with psycopg2.connect(os.environ["DIRECT_URL"]) as connection: connection.cursor().execute("""${statement}""")`;
}

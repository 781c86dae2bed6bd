import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsProject, openAwsProject } from '../support/aws-project.js';
import { dockerOutput } from '../support/docker/docker-command.js';
import { dockerTier, hasDocker } from '../support/docker/docker-tier.js';
import { runTasksInContainers, type TaskContainers } from '../support/docker/task-containers.js';
import { imageRegistry } from '../support/fake-aws/services/ecr/image-registry.js';
import { type CliResult, lastLine } from '../support/local-cli.js';

const platform = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

const config = `
name: boxed
image: { build: { context: . }, platform: ${platform} }
env: { DATABASE_URL: "\${postgres.directUrl}", RELEASE: "\${release.id}" }
postgres: { database: agent }
services:
  api:
    command: [python, server.py]
    port: 8000
    routes: [{ path: / }]
    health: { readiness: /health, liveness: /health, startupTimeout: 60s }
    size: { cpu: 0.25, memory: 512Mi }
    scale: { min: 1, max: 2 }
migrations: { command: [python, migrate.py], timeout: 1m }
clouds: { aws: { region: eu-central-1 } }
`;

const server = `
import json, os, signal, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import psycopg2
from version import VERSION

def schema():
    with psycopg2.connect(os.environ['DATABASE_URL']) as connection, connection.cursor() as cursor:
        cursor.execute('SELECT max(version) FROM schema_version')
        return cursor.fetchone()[0]

def writes_to(directory):
    try:
        open(directory + '/written', 'w').close()
        return True
    except OSError:
        return False

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'ok'
        if self.path == '/':
            body = json.dumps({
                'version': VERSION, 'release': os.environ['RELEASE'], 'schema': schema(),
                'user': os.getuid(), 'contained': os.path.exists('/.dockerenv'), 'writesToItsImage': writes_to(os.getcwd()),
            }).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(('0.0.0.0', 8000), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print('boxed', VERSION, 'listens', flush=True)
server.serve_forever()
print('boxed', VERSION, 'ends', flush=True)
`;

const migrate = `
import os, psycopg2
from version import VERSION
number = int(VERSION[1:])
with psycopg2.connect(os.environ['DATABASE_URL']) as connection, connection.cursor() as cursor:
    cursor.execute('CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY)')
    cursor.execute('INSERT INTO schema_version VALUES (%s) ON CONFLICT DO NOTHING', (number,))
print('agentctl-schema: boxed:' + str(number), 'contained:', os.path.exists('/.dockerenv'), flush=True)
`;

// One story in the order it is told. ECR, RDS and the load balancer are the fake's; images and containers are an engine's.
describe.skipIf(!hasDocker())('an agent with a Dockerfile on AWS', { shuffle: false }, () => {
  let project: AwsProject;
  let containers: TaskContainers;
  let url = '';

  const docker = (...args: string[]): Promise<string> => dockerOutput(dockerTier().client.program, args);
  /** Images of the tasks that run, as their containers were told. */
  const running = async (): Promise<readonly string[]> => {
    const ids = (await docker('ps', '--quiet', '--filter', `label=${containers.label}`)).split('\n').filter(Boolean);
    return ids.length === 0 ? [] : (await docker('inspect', '--format', '{{.Config.Image}}', ...ids)).split('\n');
  };
  const serving = async (): Promise<unknown> => await (await fetch(url)).json();
  const agentctl = async (...args: string[]): Promise<CliResult> => {
    const result = await project.agentctl(args);
    expect(result.exitCode, result.stderr).toBe(0);
    return result;
  };
  const pushes = async (): Promise<number> => {
    const { requests } = await project.fake.world.state(imageRegistry);
    return requests.filter((request) => /^PUT .*\/manifests\//.test(request)).length;
  };

  beforeAll(async () => {
    const { images, client } = dockerTier();
    // The first push has the layers of the base in it.
    project = await openAwsProject({ limitSeconds: 280 });
    containers = await runTasksInContainers(project.fake, client.program);
    // BuildKit of Docker 20.10 trusts layers that it has built before, also when their image was removed.
    const directory = `/app-${randomBytes(4).toString('hex')}`;
    const dockerfile = `FROM ${images.python}\nWORKDIR ${directory}\nCOPY *.py ./\nUSER 10001\nCMD ["python", "server.py"]\n`;
    const files = {
      'agentctl.yaml': config,
      Dockerfile: dockerfile,
      '.dockerignore': '.agentctl\n',
      'server.py': server,
      'migrate.py': migrate,
      'version.py': "VERSION = 'v1'\n",
    };
    for (const [path, content] of Object.entries(files)) await project.write(path, content);
    await agentctl('bootstrap', '--yes');
  });

  afterAll(async () => {
    await project.stop();
    await containers.remove();
    const built = await docker('images', '--quiet', '--filter', 'reference=127.0.0.1:*/agentctl/boxed/*');
    const ids = [...new Set(built.split('\n').filter(Boolean))];
    if (ids.length > 0) await docker('image', 'rm', '--force', ...ids);
  });

  test('is built, pushed to ECR, migrated and served, all in containers', async () => {
    const deployed = await agentctl('deploy', '--yes');

    url = lastLine(deployed.stdout);
    expect(deployed.stderr).toContain('agentctl-schema: boxed:1 contained: True');
    expect(await serving()).toEqual({
      version: 'v1',
      release: 'r1',
      schema: 1,
      user: 10001,
      contained: true,
      writesToItsImage: false,
    });
    const [image, ...others] = await running();
    expect(others).toEqual([]);
    const { host, store } = await project.fake.world.state(imageRegistry);
    const digest = image?.replace(`${host}/agentctl/boxed/production@`, '') ?? '';
    expect(store.repositories.get('agentctl/boxed/production')?.manifests.has(digest)).toBe(true);
  });

  test('is neither built nor pushed again when nothing has changed', async () => {
    const before = await pushes();
    expect((await agentctl('deploy', '--yes')).stderr).toContain('nothing to do');
    expect(await pushes()).toBe(before);
  });

  test('is built anew from a changed source; the container of the release before has ended', async () => {
    const before = await pushes();
    await project.write('version.py', "VERSION = 'v2'\n");
    await agentctl('deploy', '--yes');
    expect(await serving()).toMatchObject({ version: 'v2', release: 'r2', schema: 2 });
    expect(await pushes()).toBeGreaterThan(before);
    expect(await running()).toHaveLength(1);
    expect((await agentctl('logs', 'api')).stdout).toContain('boxed v1 ends');
  });

  test('runs a command in a container of the release, with its exit code', async () => {
    const ran = await project.agentctl(['run', '--', 'sh', '-c', 'test -e /.dockerenv && cat version.py; exit 7']);
    expect(ran).toMatchObject({ exitCode: 7, stdout: "VERSION = 'v2'\n" });
  });

  test('goes back without building anything', async () => {
    const before = await pushes();
    await agentctl('rollback', '--yes');
    expect(await serving()).toMatchObject({ version: 'v1', release: 'r3', schema: 2 });
    expect(await pushes()).toBe(before);
  });

  test('is destroyed with its data, and no container is left', async () => {
    await agentctl('destroy', '--delete-data', '--yes');
    expect(await docker('ps', '--all', '--quiet', '--filter', `label=${containers.label}`)).toBe('');
    const { store } = await project.fake.world.state(imageRegistry);
    expect(store.repositories.get('agentctl/boxed/production')?.manifests.size ?? 0).toBe(0);
  });
});

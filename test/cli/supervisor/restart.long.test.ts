import { existsSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { externalPostgresDirectory } from '../../../cli/tools/postgres/index.js';
import { guardOf } from '../../../cli/supervisor/guard-keeper.js';
import { connectSupervisor, ensureSupervisor } from '../../../cli/supervisor/launch.js';
import { setSecrets } from '../../../cli/supervisor/secret-store.js';
import { socketPath } from '../../../cli/supervisor/socket-path.js';
import { stateLayout } from '../../../cli/supervisor/state-layout.js';
import { apiRelease, apiService } from '../../support/supervisor-apps.js';
import { bodyOf, eventually, openStage, processesIn, release, serve } from '../../support/supervisor-stage.js';

const request = { database: 'agent_state', user: 'agent', extensions: [] };

test.concurrent(
  'after kill -9 the next start brings back the same address and data, and leaves no process of before',
  async (context) => {
    const stage = openStage(context);
    const before = await stage.launch();
    await before.putPostgres(request);
    const env = { DATABASE: '${postgres.url}', BACK: '${services.api.url}' };
    const url = await serve(before, apiRelease('r1', stage.apps, { replicas: 2, env }));
    const envBefore = JSON.parse(await bodyOf(`${url}/env`));
    await before.putRelease(apiRelease('r2', stage.apps));
    const task = { id: 't1', artifact: stage.apps, command: ['sleep', '600'], env: {}, timeoutSeconds: 600 };
    await before.putTask(task);
    const statusBefore = await before.status();
    const kept = await eventually(() => guardOf(stateLayout(stage.stateDirectory))?.pid);
    const processesBefore = processesIn(stage.root).filter((pid) => pid !== statusBefore.pid && pid !== kept);

    process.kill(statusBefore.pid, 'SIGKILL');
    const after = await ensureSupervisor(stage.stateDirectory);
    const statusAfter = await after.status();

    expect(statusAfter.pid).not.toBe(statusBefore.pid);
    expect(statusAfter).toMatchObject({ url, servingRelease: 'r1' });
    expect(statusAfter.postgres).toMatchObject({ port: statusBefore.postgres?.port, state: 'running' });
    expect(statusAfter.releases.map(({ id, state }) => `${id} ${state}`)).toEqual(['r1 ready']);
    expect(await bodyOf(url)).toBe('r1');
    const envAfter = JSON.parse(await bodyOf(`${url}/env`));
    expect({ DATABASE: envAfter.DATABASE, BACK: envAfter.BACK }).toEqual({
      DATABASE: envBefore.DATABASE,
      BACK: envBefore.BACK,
    });
    expect(await after.task('t1')).toMatchObject({ state: 'lost', exitCode: null });
    expect(processesBefore.length).toBeGreaterThanOrEqual(4);
    await eventually(() => processesIn(stage.root).every((pid) => !processesBefore.includes(pid)));
  },
);

test.concurrent('two that want a supervisor at once get the same one', async (context) => {
  const stage = openStage(context);

  const clients = await Promise.all([stage.launch(), stage.launch()]);

  const pids = await Promise.all(clients.map(async (client) => (await client.status()).pid));
  expect(new Set(pids).size).toBe(1);
  // With its guard.
  await eventually(() => processesIn(stage.root).length === 2);
});

test.concurrent(
  'a shutdown leaves no process and no socket, and the next start brings everything back',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    await client.putPostgres(request);
    const url = await serve(client, apiRelease('r1', stage.apps));

    await Promise.all([client.shutdown(), client.shutdown()]);

    expect(existsSync(client.socketPath)).toBe(false);
    expect(await connectSupervisor(stage.stateDirectory)).toBeUndefined();
    await eventually(() => processesIn(stage.root).length === 0);
    const again = await stage.start();
    expect((await again.status()).url).toBe(url);
    expect(await bodyOf(url)).toBe('r1');
  },
);

test.concurrent(
  'after a shutdown nothing is written any more, so that the state directory can be removed',
  async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    await client.putPostgres(request);
    await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));
    const external = externalPostgresDirectory(stateLayout(stage.stateDirectory).key);

    await client.shutdown();
    for (const directory of [stage.stateDirectory, external]) rmSync(directory, { recursive: true, force: true });
    await sleep(300);

    expect(existsSync(stage.stateDirectory)).toBe(false);
  },
);

test.concurrent('SIGTERM is a shutdown', async (context) => {
  const stage = openStage(context);
  const client = await stage.launch();
  await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));

  process.kill((await client.status()).pid, 'SIGTERM');

  await eventually(() => processesIn(stage.root).length === 0);
  expect(existsSync(client.socketPath)).toBe(false);
});

test.concurrent('a shutdown goes on to its end when whoever asked for it has gone', async (context) => {
  const stage = openStage(context);
  const client = await stage.launch();
  await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));
  const gone = new AbortController();

  const asked = client.shutdown({ signal: gone.signal });
  await eventually(() =>
    readFileSync(stateLayout(stage.stateDirectory).supervisorLogFile, 'utf8').includes('stopping'),
  );
  gone.abort();

  await expect(asked).rejects.toThrow();
  await eventually(() => processesIn(stage.root).length === 0);
});

test.concurrent('a supervisor with nothing to keep ends itself', async (context) => {
  const stage = openStage(context);
  const client = await stage.start({ idleSeconds: 1 });
  await release(client, apiRelease('r1', stage.apps));

  await client.deleteRelease('r1');

  await eventually(() => !existsSync(client.socketPath));
});

test.concurrent('a release that cannot come back is tried on and on, and everything else works', async (context) => {
  const stage = openStage(context);
  const first = await stage.start();
  const env = { APP_MODE: '${secrets.MODE}' };
  setSecrets(stage.stateDirectory, { MODE: 'healthy' });
  const url = await serve(first, apiRelease('r1', stage.apps, { env }));
  await first.shutdown();
  setSecrets(stage.stateDirectory, { MODE: 'crash' });

  const second = await stage.start({ resumeSeconds: 1 });
  const status = await second.status();
  setSecrets(stage.stateDirectory, { MODE: 'healthy' });

  expect(status.servingRelease).toBe('r1');
  expect(status.releases[0]?.state).toBe('starting');
  await eventually(async () => (await fetch(url)).ok);
});

test.concurrent('requests wait while what served before is being brought back', async (context) => {
  const stage = openStage(context);
  const first = await stage.start();
  const url = await serve(first, apiRelease('r1', stage.apps));
  await first.shutdown();

  const starting = stage.start();
  const answer = await eventually(() => fetch(url).catch(() => undefined));

  expect(answer.status).toBe(200);
  await starting;
});

test.concurrent('a socket that somebody removed is opened again', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  unlinkSync(client.socketPath);

  await eventually(async () => (await connectSupervisor(stage.stateDirectory)) !== undefined);
});

test.concurrent('no secret is in an argv, in a log or in a state file other than the store', async (context) => {
  const stage = openStage(context);
  setSecrets(stage.stateDirectory, { API_KEY: 'canary-7f3a-key', LINES: 'canary-7f3a-first\ncanary-7f3a-second' });
  const client = await stage.start();
  await client.putPostgres(request);
  const env = {
    KEY: '${secrets.API_KEY}',
    LINES: '${secrets.LINES}',
    DSN: 'pg+x://${postgres.user}:${postgres.password}@h',
  };
  const services = [
    apiService(stage.apps, { env }),
    apiService(stage.apps, { name: 'leaky', env, routes: [], command: [process.execPath, '-e', leak] }),
  ];
  const failing = await release(client, { id: 'r1', services, schedules: [] });
  const url = await serve(client, apiRelease('r2', stage.apps, { env }));
  await bodyOf(`${url}/say?text=${encodeURIComponent('key is canary-7f3a-key!')}`);
  const store = readFileSync(stateLayout(stage.stateDirectory).secretsFile, 'utf8');
  const generated = Object.values(JSON.parse(store).generated as Record<string, string>);

  await eventually(() =>
    filesBelow(stage.stateDirectory).some((file) => readFileSync(file, 'utf8').includes('key is •••!')),
  );
  const places = [
    ...commandLines(),
    ...filesBelow(stage.stateDirectory)
      .filter((file) => !file.endsWith('secrets.json'))
      .map((file) => `${file}\n${readFileSync(file, 'utf8')}`),
    JSON.stringify(failing),
    JSON.stringify(await client.status()),
  ];

  expect(generated.length).toBe(2);
  const canaries = ['canary-7f3a', Buffer.from('canary-7f3a-key').toString('base64'), ...generated];
  expect(places.filter((place) => canaries.some((canary) => place.includes(canary)))).toEqual([]);
  expect(JSON.stringify(failing.problem?.logTail)).toContain('•••');
  for (const file of filesBelow(stage.stateDirectory)) expect(statSync(file).mode & 0o077, file).toBe(0);
  expect(statSync(stage.stateDirectory).mode & 0o777).toBe(0o700);
});

test('the socket lies outside the project and is short enough for every system', () => {
  const path = socketPath(`/a/${'long/'.repeat(60)}project`, { XDG_RUNTIME_DIR: `/${'x'.repeat(120)}` });

  expect(path).toMatch(/^\/tmp\/agentctl-\d+\/[0-9a-f]{16}\.sock$/);
});

/** Prints its secrets in every form it can think of, and ends. */
const leak = `
const { KEY, LINES, DSN } = process.env;
console.log('leak', KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64'), JSON.stringify({ KEY, LINES, DSN }));
console.log(LINES); console.error(DSN); process.stdout.write(DSN.slice(0, 9)); process.stdout.write(DSN.slice(9));
process.exit(1);`;

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function commandLines(): readonly string[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      return [readFileSync(`/proc/${entry}/cmdline`, 'utf8')];
    } catch {
      return [];
    }
  });
}

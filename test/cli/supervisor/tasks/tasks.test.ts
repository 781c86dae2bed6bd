import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TaskRequest } from '../../../../cli/supervisor/protocol.js';
import { setSecrets } from '../../../../cli/supervisor/secret-store.js';
import { type TestStage, eventually, openStage, taskEnded } from '../../../support/supervisor-stage.js';

test.concurrent('a task reports its exit code and leaves its output in a log', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  await client.putTask(nodeTask(stage, 'migrate-1', `console.log('one'); console.error('two'); process.exitCode = 7;`));
  const task = await taskEnded(client, 'migrate-1');

  expect(task).toMatchObject({ state: 'exited', exitCode: 7, signal: null });
  expect(readFileSync(task.logFile, 'utf8').split('\n').sort()).toEqual(['', 'one', 'two']);
});

test.concurrent('a task that is ended by a signal has no exit code', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  await client.putTask(nodeTask(stage, 't1', `process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 5000);`));

  expect(await taskEnded(client, 't1')).toMatchObject({ state: 'exited', exitCode: null, signal: 'SIGKILL' });
});

test.concurrent('a known id never starts a second process', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const request = nodeTask(stage, 't1', `console.log('ran')`);

  await Promise.all([client.putTask(request), client.putTask(request)]);
  const first = await taskEnded(client, 't1');
  const again = await client.putTask(nodeTask(stage, 't1', `process.exitCode = 1`));

  expect(again).toEqual(first);
  expect(readFileSync(first.logFile, 'utf8')).toBe('ran\n');
});

test.concurrent('a task that takes too long is ended, with everything it has started', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const script = `const { spawn } = await import('node:child_process');
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    console.log(child.pid); setTimeout(() => {}, 600_000);`;

  await client.putTask({ ...nodeTask(stage, 't1', script), timeoutSeconds: 1 });
  const task = await taskEnded(client, 't1');

  expect(task).toMatchObject({ state: 'timed-out', exitCode: null, signal: 'SIGTERM' });
  const child = Number(readFileSync(task.logFile, 'utf8'));
  expect(() => readFileSync(`/proc/${child}/cwd`)).toThrow();
});

test.concurrent('a task can be stopped', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  await client.putTask(nodeTask(stage, 't1', `setTimeout(() => {}, 600_000)`));

  const task = await client.deleteTask('t1');

  expect(task).toMatchObject({ state: 'stopped', signal: 'SIGTERM' });
  expect(await client.deleteTask('t1')).toEqual(task);
});

test.concurrent('a task whose program does not exist ends like in a shell, and its log says why', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  await client.putTask({ ...nodeTask(stage, 't1', ''), command: ['no-such-program'] });
  const task = await taskEnded(client, 't1');

  expect(task.exitCode).toBe(127);
  expect(readFileSync(task.logFile, 'utf8')).toContain('agentctl: command "no-such-program" was not found');
});

test.concurrent('a task gets secrets through its environment, and they are masked in its log', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  setSecrets(stage.stateDirectory, { API_KEY: 'canary-5c1e-task' });
  const script = `console.log(process.env.KEY.length, process.env.KEY, Buffer.from(process.env.KEY).toString('base64'))`;

  await client.putTask({ ...nodeTask(stage, 't1', script), env: { KEY: '${secrets.API_KEY}' } });
  const task = await taskEnded(client, 't1');

  expect(readFileSync(task.logFile, 'utf8')).toBe('16 ••• •••\n');
});

test.concurrent('an id that could not be a file name is refused', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  await expect(client.putTask(nodeTask(stage, '../evil', ''))).rejects.toMatchObject({ code: 'UsageInvalid' });
  expect(await client.task('unknown')).toBeUndefined();
});

test.concurrent('schedules of the serving release run one after the other and are remembered', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { artifact, env } = nodeTask(stage, 'x', '');
  const script = `console.log(process.env.RELEASE); setTimeout(() => {}, 1400)`;
  const command = [process.execPath, '--input-type=module', '-e', script];
  const schedule = {
    name: 'reindex',
    cron: '* * * * * *',
    artifact,
    command,
    env: { ...env, RELEASE: '${release.id}' },
    timeoutSeconds: 30,
  };
  const worker = {
    name: 'worker',
    artifact,
    command: [process.execPath, 'worker.mjs'],
    env,
    routes: [],
    replicas: 1,
    health: { startupTimeoutSeconds: 10 },
    drainSeconds: 0,
  };
  await client.putRelease({ id: 'r1', services: [worker], schedules: [schedule] });
  await eventually(async () => (await client.release('r1'))?.state === 'ready');
  const before = (await client.status()).schedules;

  await client.switchTraffic({ release: 'r1' });
  const runs = await eventually(async () => {
    const history = (await client.status()).schedules[0]?.history ?? [];
    const ended = history.filter((run) => run.state === 'exited');
    return ended.length >= 2 ? ended : undefined;
  });

  expect(before).toEqual([]);
  const [second, first] = runs;
  expect(first?.id).toMatch(/^schedule-reindex-\d{8}T\d{6}Z$/);
  expect(Date.parse(second?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.endedAt ?? ''));
  expect(readFileSync(first?.logFile ?? '', 'utf8')).toBe('r1\n');
});

test.concurrent('a release with a cron expression that means nothing is refused', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { artifact, env } = nodeTask(stage, 'x', '');
  const schedule = { name: 'bad', cron: '99 * * * *', artifact, command: ['true'], env, timeoutSeconds: 1 };
  const worker = {
    ...schedule,
    name: 'w',
    routes: [],
    replicas: 1,
    health: { startupTimeoutSeconds: 1 },
    drainSeconds: 0,
  };
  const { cron: _cron, timeoutSeconds: _timeout, ...service } = worker;

  const putting = client.putRelease({ id: 'r1', services: [service], schedules: [schedule] });

  await expect(putting).rejects.toMatchObject({ code: 'SpecInvalid' });
});

function nodeTask(stage: TestStage, id: string, script: string): TaskRequest {
  const command = [process.execPath, '--input-type=module', '-e', script];
  return { id, artifact: stage.apps, command, env: {}, timeoutSeconds: 60 };
}

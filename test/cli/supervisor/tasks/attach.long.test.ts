import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SupervisorClient } from '../../../../cli/supervisor/client.js';
import type { ArtifactRef, TaskRequest, TaskStatus } from '../../../../cli/supervisor/protocol.js';
import { setSecrets } from '../../../../cli/supervisor/secret-store.js';
import { type TestStage, eventually, openStage, processesIn, taskEnded } from '../../../support/supervisor-stage.js';

/** A task that is watched. */
interface Watched {
  /** What was shown so far, by stream. */
  readonly shown: { out: string; err: string };
  readonly input: PassThrough;
  readonly ended: Promise<TaskStatus>;
  /** Ends the connection, as the death of the CLI does. */
  readonly leave: () => void;
}

interface WatchOptions {
  /** Its standard input is ours. @default false */
  readonly stdin?: boolean;
  /** Waited for with each chunk. @default - takes all at once */
  readonly pace?: () => Promise<void>;
}

function watch(client: SupervisorClient, task: TaskRequest, { stdin = false, pace }: WatchOptions = {}): Watched {
  const leaving = new AbortController();
  const shown = { out: '', err: '' };
  const input = new PassThrough();
  const ended = client.attachTask(
    { task, stdin },
    {
      input: stdin ? input : undefined,
      signal: leaving.signal,
      onOutput: async (stream, bytes) => {
        shown[stream] += bytes.toString('latin1');
        await pace?.();
      },
    },
  );
  ended.catch(() => undefined);
  return { shown, input, ended, leave: () => leaving.abort() };
}

function nodeTask(stage: TestStage, id: string, script: string): TaskRequest {
  const command = [process.execPath, '--input-type=module', '-e', script];
  return { id, artifact: stage.apps, command, env: {} };
}

const sleeps = `console.log('ready'); setTimeout(() => {}, 600_000);`;

test.concurrent('whoever watches a task gets its output and its end', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const script = `process.stdout.write('one'); console.error('two'); process.exitCode = 7;`;
  const { shown, ended } = watch(client, nodeTask(stage, 't1', script));

  const task = await ended;

  expect(shown).toEqual({ out: 'one', err: 'two\n' });
  expect(task).toMatchObject({ id: 't1', state: 'exited', exitCode: 7 });
  expect(await client.task('t1')).toEqual(task);
  expect(readFileSync(task.logFile, 'utf8').split('\n').toSorted()).toEqual(['', 'one', 'two']);
});

test.concurrent('a dialogue: a prompt comes at once, and the answer reaches the program', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const script = `process.stdout.write('Name? ');
    process.stdin.once('data', (text) => { console.log('Hello ' + String(text).trim()); process.stdin.destroy(); });`;
  const { shown, input, ended } = watch(client, nodeTask(stage, 't1', script), { stdin: true });

  await eventually(() => shown.out === 'Name? ');
  input.write('Ann\n');

  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(shown.out).toBe('Name? Hello Ann\n');
});

test.concurrent('the end of the input reaches the program, and all of it before', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { shown, input, ended } = watch(client, { ...nodeTask(stage, 't1', ''), command: ['cat'] }, { stdin: true });
  const text = Buffer.alloc(3_000_000, 'é\0\xff', 'latin1').toString('latin1');

  input.end(Buffer.from(text, 'latin1'));

  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(shown.out === text).toBe(true);
});

test.concurrent('a program that reads no input ends as it likes', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { input, ended } = watch(client, { ...nodeTask(stage, 't1', ''), command: ['true'] }, { stdin: true });

  input.write(Buffer.alloc(5_000_000));

  expect(await ended).toMatchObject({ state: 'exited', exitCode: 0 });
});

test.concurrent('a task without input is at the end of it', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  expect(await watch(client, { ...nodeTask(stage, 't1', ''), command: ['cat'] }).ended).toMatchObject({ exitCode: 0 });
});

test.concurrent('a secret is masked on both streams, also when it is printed in two halves', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  setSecrets(stage.stateDirectory, { API_KEY: 'canary-5c1e-"attach' });
  const script = `const { KEY } = process.env;
    process.stdout.write('key ' + KEY.slice(0, 8));
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.stdout.write(KEY.slice(8) + ' end');
    console.error(JSON.stringify({ KEY }), Buffer.from(KEY).toString('base64'), encodeURIComponent(KEY));`;
  const task = { ...nodeTask(stage, 't1', script), env: { KEY: '${secrets.API_KEY}' } };
  const { shown, ended } = watch(client, task);

  await ended;

  expect(Buffer.from(shown.out, 'latin1').toString()).toBe('key ••• end');
  expect(Buffer.from(shown.err, 'latin1').toString()).toBe('{"KEY":"•••"} ••• •••\n');
});

test.concurrent('a task ends with the one who watches it', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { shown, ended, leave } = watch(client, nodeTask(stage, 't1', sleeps));
  await eventually(() => shown.out !== '');

  leave();

  await expect(ended).rejects.toThrow();
  expect(await taskEnded(client, 't1')).toMatchObject({ state: 'stopped', signal: 'SIGTERM' });
  expect(processesIn(directoryOf(stage.apps))).toEqual([]);
});

test.concurrent('also when it reads none of the input that it is sent', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { shown, input, leave } = watch(client, nodeTask(stage, 't1', sleeps), { stdin: true });
  await eventually(() => shown.out !== '');
  // More than the pipes and buffers on the way hold: nothing is read from the connection any more, not even its end.
  for (let count = 0; count < 200; count += 1) input.write(Buffer.alloc(65_536));
  await eventually(async () => {
    const left = input.readableLength;
    await sleep(300);
    return left > 0 && input.readableLength === left;
  });

  leave();

  expect(await taskEnded(client, 't1')).toMatchObject({ state: 'stopped' });
});

test.concurrent('also when its output is not taken', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const never = new Promise<void>(() => undefined);
  const { shown, leave } = watch(client, { ...nodeTask(stage, 't1', ''), command: ['yes'] }, { pace: () => never });
  await eventually(() => shown.out !== '');

  leave();

  expect(await taskEnded(client, 't1')).toMatchObject({ state: 'stopped' });
});

test.concurrent('a task is held up by a slow watcher, who still gets all of it after its end', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const bytes = 3_000_000;
  const { shown, ended } = watch(
    client,
    { ...nodeTask(stage, 't1', ''), command: ['head', '-c', String(bytes), '/dev/zero'] },
    // In all some four seconds: longer than what a task leaves in its pipes is waited for.
    { pace: () => sleep(80) },
  );

  expect(await ended).toMatchObject({ exitCode: 0 });
  expect(shown.out).toHaveLength(bytes);
});

test.concurrent('output of any size passes through a memory of a fixed size', async (context) => {
  const stage = openStage(context);
  const client = await stage.launch();
  const { pid } = await client.status();
  const residentMiB = (): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  const before = residentMiB();
  let most = before;
  let received = 0;
  const bytes = 100_000_000;
  const task = { ...nodeTask(stage, 't1', ''), command: ['head', '-c', String(bytes), '/dev/zero'] };

  await client.attachTask(
    { task, stdin: false },
    {
      signal: new AbortController().signal,
      onOutput: async (_stream, chunk) => {
        received += chunk.length;
        most = Math.max(most, residentMiB());
        await Promise.resolve();
      },
    },
  );

  expect(received).toBe(bytes);
  expect(most - before).toBeLessThan(80);
});

test.concurrent('an interrupt reaches the program as SIGINT first', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const script = `process.on('SIGINT', () => { console.log('tidied up'); process.exit(3); }); ${sleeps}`;
  const { shown, ended } = watch(client, nodeTask(stage, 't1', script));
  await eventually(() => shown.out !== '');

  await client.deleteTask('t1', { interrupt: true });

  expect(await ended).toMatchObject({ state: 'stopped', exitCode: 3, signal: null });
  expect(shown.out).toBe('ready\ntidied up\n');
});

test.concurrent('a program that takes no notice of an interrupt is ended', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { shown, ended } = watch(client, nodeTask(stage, 't1', `process.on('SIGINT', () => {}); ${sleeps}`));
  await eventually(() => shown.out !== '');

  await client.deleteTask('t1', { interrupt: true });

  expect(await ended).toMatchObject({ state: 'stopped', signal: 'SIGTERM' });
});

test.concurrent('a program that does not exist: its watcher is told why', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { shown, ended } = watch(client, { ...nodeTask(stage, 't1', ''), command: ['no-such-program'] });

  expect(await ended).toMatchObject({ state: 'exited', exitCode: 127 });
  expect(shown.err).toContain('agentctl: command "no-such-program" was not found');
});

test.concurrent('a file that may not be run', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { ended } = watch(client, { ...nodeTask(stage, 't1', ''), command: ['./app.mjs'] });

  expect(await ended).toMatchObject({ exitCode: 126 });
});

test.concurrent('a known id is refused: nobody can watch what has begun', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const request = nodeTask(stage, 't1', '');
  await client.putTask(request);

  await expect(watch(client, request).ended).rejects.toMatchObject({ code: 'Refused' });
});

test.concurrent('what keeps a task from starting is told as an error', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const task = { ...nodeTask(stage, 't1', ''), env: { KEY: '${secrets.UNSET}' } };

  await expect(watch(client, task).ended).rejects.toMatchObject({ code: 'SecretMissing' });
  expect(await client.task('t1')).toBeUndefined();
});

test.concurrent('a task whose time is up is ended and told apart', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();

  expect(await watch(client, { ...nodeTask(stage, 't1', sleeps), timeoutSeconds: 1 }).ended).toMatchObject({
    state: 'timed-out',
  });
});

test.concurrent('a timeout of months does not go off at once', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const task = { ...nodeTask(stage, 't1', `setTimeout(() => {}, 300)`), timeoutSeconds: 90 * 86_400 };

  expect(await watch(client, task).ended).toMatchObject({ state: 'exited', exitCode: 0 });
});

test.concurrent('a watcher who takes nothing does not keep a supervisor from ending', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const never = new Promise<void>(() => undefined);
  const { shown, ended, leave } = watch(
    client,
    { ...nodeTask(stage, 't1', ''), command: ['yes'] },
    { pace: () => never },
  );
  await eventually(() => shown.out !== '');

  await client.shutdown();

  expect(processesIn(directoryOf(stage.apps))).toEqual([]);
  leave();
  await ended.catch(() => undefined);
});

/** Where the programs of a stage are: they run as processes. */
function directoryOf(artifact: ArtifactRef): string {
  return 'directory' in artifact ? artifact.directory : '';
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestContext, expect, test } from 'vitest';
import {
  describeEnd,
  identityOf,
  isGroupAlive,
  isSameProcess,
  runToEnd,
  startProcess,
} from '../../../../cli/tools/process/index.js';

const path = process.env['PATH'] ?? '';

test('a process gets the environment it is given and nothing else', async () => {
  const result = await run(['-e', 'console.log(JSON.stringify(process.env))'], { ONLY: 'this' });

  expect(JSON.parse(result.output)).toEqual({ ONLY: 'this' });
});

test('all output is there when a process has ended, and its end is told', async () => {
  const result = await run(['-e', `console.log('x'.repeat(300_000)); console.error('y'); process.exitCode = 3`]);

  expect(result.exitCode).toBe(3);
  expect(result.output).toHaveLength(300_003);
  expect(describeEnd(result)).toBe('exit 3');
});

test('a command that takes too long is ended', async () => {
  const result = await runToEnd({
    command: 'sleep',
    args: ['60'],
    workingDirectory: '/',
    environment: { PATH: path },
    timeoutSeconds: 0.2,
  });

  expect(describeEnd(result)).toBe('SIGTERM');
});

test('stopping reaches the children of a shell', async (context) => {
  const { process: shell, output } = await start(context, 'sleep 600 & echo $!; sleep 600');
  const child = Number(await firstLine(output));

  await shell.stop({ graceSeconds: 5 });

  expect(identityOf(child)).toBeUndefined();
  expect(isGroupAlive(shell.identity.pid)).toBe(false);
  expect(isSameProcess(shell.identity)).toBe(false);
});

test('a process that ignores SIGTERM is killed after the grace', async (context) => {
  const { process: shell, output } = await start(context, `trap '' TERM; echo ready; while true; do sleep 0.1; done`);
  await firstLine(output);
  const startedAt = performance.now();

  await shell.stop({ graceSeconds: 0.5 });

  expect(performance.now() - startedAt).toBeGreaterThan(450);
  expect(await shell.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
});

test('what a process leaves behind in its group when it ends, ends too', async (context) => {
  const { process: shell, output } = await start(context, 'sleep 600 & echo $!');

  const end = await shell.ended;

  expect(end.exitCode).toBe(0);
  expect(identityOf(Number(await firstLine(output)))).toBeUndefined();
});

test('stopping a process that has ended does nothing', async (context) => {
  const { process: shell } = await start(context, 'exit 4');
  await shell.ended;

  await shell.stop({ graceSeconds: 1 });

  expect((await shell.ended).exitCode).toBe(4);
});

test('a command that does not exist is named', async () => {
  await expect(startIn('/', 'no-such-program')).rejects.toMatchObject({
    code: 'ToolMissing',
    message: 'command "no-such-program" was not found',
  });
});

test('a working directory that does not exist is named, rather than the command', async () => {
  await expect(startIn('/no/such/directory', 'true')).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'working directory /no/such/directory does not exist',
  });
});

test('a file that may not be run is named', async ({ onTestFinished }) => {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-process-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'script'), 'echo', { mode: 0o644 });

  await expect(startIn(directory, './script')).rejects.toMatchObject({
    code: 'ToolMissing',
    message: 'command "./script" may not be run',
  });
});

function run(args: readonly string[], environment: Record<string, string> = {}) {
  return runToEnd({ command: process.execPath, args, workingDirectory: '/', environment, timeoutSeconds: 20 });
}

async function start({ onTestFinished }: TestContext, script: string) {
  const output: Buffer[] = [];
  const running = await startProcess({
    command: 'sh',
    args: ['-c', script],
    workingDirectory: '/',
    environment: { PATH: path },
    onOutput: (_stream, chunk) => output.push(chunk),
  });
  onTestFinished(() => running.stop({ graceSeconds: 0 }));
  return { process: running, output };
}

function startIn(workingDirectory: string, command: string) {
  return startProcess({ command, args: [], workingDirectory, environment: { PATH: path }, onOutput: () => undefined });
}

async function firstLine(output: readonly Buffer[]): Promise<string> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const text = Buffer.concat(output).toString('utf8');
    if (text.includes('\n')) return text.split('\n')[0] ?? '';
    await sleep(10);
  }
  throw new Error('no output');
}

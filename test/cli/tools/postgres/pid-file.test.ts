import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, expect, test } from 'vitest';
import { disarmStalePidFile } from '../../../../cli/tools/postgres/pid-file.js';

test('a pid file that names a process of somebody else is disarmed, and keeps the rest', (context) => {
  const file = pidFile(context, `${process.pid}\n/data\n1700000000\n`);

  disarmStalePidFile(file.directory);

  expect(readFileSync(file.path, 'utf8')).toBe('1073741824\n/data\n1700000000\n');
});

test('a pid file that names nobody is left to PostgreSQL', (context) => {
  const file = pidFile(context, '1073741823\n/data\n');

  disarmStalePidFile(file.directory);

  expect(readFileSync(file.path, 'utf8')).toBe('1073741823\n/data\n');
});

test('a server that works on the data is never pushed aside', (context) => {
  const file = pidFile(context, '');
  const server = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { cwd: file.directory });
  context.onTestFinished(() => void server.kill('SIGKILL'));
  writeFileSync(file.path, `${server.pid}\n`);

  expect(() => disarmStalePidFile(file.directory)).toThrow(
    expect.objectContaining({ code: 'EnvironmentNotReady', fix: expect.stringContaining(`kill -INT ${server.pid}`) }),
  );
});

function pidFile({ onTestFinished }: TestContext, content: string) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'agentctl-pid-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'postmaster.pid');
  writeFileSync(path, content);
  return { directory, path };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identityOf, isSameProcess } from '../../../../cli/tools/process/index.js';

test('a process is itself, and another one under its pid is not', () => {
  const self = identityOf(process.pid);

  expect(self?.startTime).toMatch(/.+/);
  expect(isSameProcess(self ?? { pid: 0, startTime: '' })).toBe(true);
  expect(isSameProcess({ pid: process.pid, startTime: 'another boot/1' })).toBe(false);
});

test('a process that has ended has no identity, even before it is collected', async () => {
  // Not a program that may be missing: kill() of a child that never started signals our own group (kill(2) with pid 0).
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  const identity = identityOf(child.pid ?? 0);

  child.kill('SIGKILL');
  await once(child, 'exit');

  expect(identity).toBeDefined();
  expect(identityOf(child.pid ?? 0)).toBeUndefined();
});

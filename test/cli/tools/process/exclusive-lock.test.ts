import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TestContext, expect, test } from 'vitest';
import { identityOf, lockOwner, takeExclusiveLock } from '../../../../cli/tools/process/index.js';

test('of many processes that want the lock at once one has it, also when its last owner has died', async (context) => {
  const directory = temporary(context);
  writeFileSync(join(directory, 'x.lock.4'), JSON.stringify({ pid: process.pid, startTime: 'another boot/1' }));
  writeFileSync(join(directory, 'x.lock.3'), 'torn');

  const results = await takeInChildren(directory, 5);

  expect(results.filter((result) => result === 'taken')).toHaveLength(1);
  expect(readdirSync(directory)).toEqual(['x.lock.5']);
});

test('the lock of a living process is not taken, and names it', (context) => {
  const directory = temporary(context);
  const parent = identityOf(process.ppid);
  writeFileSync(join(directory, 'x.lock.1'), JSON.stringify(parent));

  expect(takeExclusiveLock(directory, 'x')).toEqual({ kind: 'held', by: parent });
});

test('a process that has the lock may take it again', (context) => {
  const directory = temporary(context);

  expect(takeExclusiveLock(directory, 'x')).toEqual({ kind: 'taken' });
  expect(takeExclusiveLock(directory, 'x')).toEqual({ kind: 'taken' });
  expect(readdirSync(directory)).toEqual(['x.lock.1']);
});

test('the owner of a lock is told while it lives, and nobody where there is no directory', (context) => {
  const directory = temporary(context);
  takeExclusiveLock(directory, 'x');
  writeFileSync(join(directory, 'y.lock.1'), JSON.stringify({ pid: process.pid, startTime: 'another boot/1' }));

  expect(lockOwner(directory, 'x')).toEqual(identityOf(process.pid));
  expect(lockOwner(directory, 'y')).toBeUndefined();
  expect(lockOwner(join(directory, 'nowhere'), 'x')).toBeUndefined();
});

/** What processes of their own get when they ask at once. Each stays until everybody has tried. */
async function takeInChildren(directory: string, count: number): Promise<readonly string[]> {
  const module = new URL('../../../../cli/tools/process/exclusive-lock.ts', import.meta.url).href;
  const script = `const { takeExclusiveLock } = await import(${JSON.stringify(module)});
    console.log(takeExclusiveLock(${JSON.stringify(directory)}, 'x').kind); process.stdin.resume();`;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script]),
  );
  const answers = await Promise.all(
    children.map(async (child) => {
      const [answer] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
      return String(answer).trim();
    }),
  );
  await Promise.all(
    children.map(async (child) => {
      const closed = child.exitCode === null ? once(child, 'close') : undefined;
      child.stdin.end();
      await closed;
    }),
  );
  return answers;
}

function temporary({ onTestFinished }: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TestContext, expect, test } from 'vitest';
import { identityOf, takeExclusiveLock } from '../../../../cli/tools/process/index.js';

test('of many processes that want the lock at once one has it, also when its last owner has died', async (context) => {
  const directory = temporary(context);
  writeFileSync(join(directory, 'x.lock.4'), JSON.stringify({ pid: process.pid, startTime: 'another boot/1' }));
  writeFileSync(join(directory, 'x.lock.3'), 'torn');

  const results = await Promise.all(Array.from({ length: 5 }, () => takeInChild(directory)));

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

/** Says what it got and keeps it until everybody has tried. */
async function takeInChild(directory: string): Promise<string> {
  const module = new URL('../../../../cli/tools/process/exclusive-lock.ts', import.meta.url).href;
  const script = `const { takeExclusiveLock } = await import(${JSON.stringify(module)});
    console.log(takeExclusiveLock(${JSON.stringify(directory)}, 'x').kind); setTimeout(() => {}, 1500);`;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output.trim();
}

function temporary({ onTestFinished }: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

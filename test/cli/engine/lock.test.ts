import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { acquireLock, type LockHolder, type LockOptions, readHolder } from '../../../cli/engine/lock.js';

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function lockFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-lock-'));
  directories.push(directory);
  return join(directory, 'lock.json');
}

function options(file: string, runId: string, more: Partial<LockOptions> = {}): LockOptions {
  const holder: LockHolder = {
    user: 'ann',
    host: 'here',
    pid: 42,
    processStart: 'then',
    runId,
    command: 'agentctl deploy',
    since: '2026-01-01T00:00:00.000Z',
  };
  return {
    file,
    holder,
    waitSeconds: 0,
    isAlive: () => Promise.resolve(true),
    sleep: async (seconds) => await delay(seconds * 20),
    now: Date.now,
    signal: new AbortController().signal,
    ...more,
  };
}

test('the second one is refused and told who holds it', async () => {
  const file = await lockFile();
  const lock = await acquireLock(options(file, 'one'));

  await expect(acquireLock(options(file, 'two'))).rejects.toMatchObject({
    code: 'Locked',
    message: expect.stringMatching(/ann@here \(pid 42\) for \d+ s: agentctl deploy \(run one\)/) as string,
  });
  await lock.release();
});

test('a released lock can be taken, and nothing is left behind', async () => {
  const file = await lockFile();
  await (await acquireLock(options(file, 'one'))).release();

  const second = await acquireLock(options(file, 'two'));

  expect((await readHolder(file))?.runId).toBe('two');
  await second.release();
  expect(await readdir(join(file, '..'))).toEqual([]);
});

test('it waits for the holder when told to', async () => {
  const file = await lockFile();
  const first = await acquireLock(options(file, 'one'));
  const waitedFor: string[] = [];

  const second = acquireLock(
    options(file, 'two', {
      waitSeconds: 60,
      onWait: (holder) => {
        waitedFor.push(holder.runId);
        void first.release();
      },
    }),
  );

  await (await second).release();
  expect(waitedFor).toEqual(['one']);
});

test('the lock of a process that is gone is taken over, by one only', async () => {
  const file = await lockFile();
  await acquireLock(options(file, 'dead'));
  const isAlive = (holder: LockHolder): Promise<boolean> => Promise.resolve(holder.runId !== 'dead');

  const contenders = Array.from({ length: 20 }, async (_, index) =>
    acquireLock(options(file, `run-${index}`, { isAlive })).then(
      () => 'won',
      (error: unknown) => (error as { code: string }).code,
    ),
  );

  const outcomes = await Promise.all(contenders);
  expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'Locked')).toHaveLength(19);
});

test('a lock of another host is never taken over', async () => {
  const file = await lockFile();
  await acquireLock(options(file, 'theirs'));
  const elsewhere = options(file, 'mine', { isAlive: () => Promise.resolve(false) });

  await expect(acquireLock({ ...elsewhere, holder: { ...elsewhere.holder, host: 'there' } })).rejects.toMatchObject({
    code: 'Locked',
  });
});

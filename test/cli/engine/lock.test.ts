import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { acquireLock, type LockOptions } from '../../../cli/engine/lock.js';
import { findLock, type LockHolder, removeLock } from '../../../cli/engine/lock-file.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const hour = 3_600_000;
/** Expected at once; so long on a machine that is busy with something else. */
const patiently = { timeout: 60_000 };

async function lockFile(): Promise<string> {
  return join(await temporaryDirectory(), 'lock.json');
}

function holderOf(runId: string): LockHolder {
  return {
    lockVersion: 1,
    token: `token-${runId}`,
    user: 'ann',
    host: 'here',
    pid: 42,
    processStart: 'then',
    runId,
    command: 'agentctl deploy',
    since: new Date().toISOString(),
  };
}

function options(file: string, runId: string, more: Partial<LockOptions> = {}): LockOptions {
  return {
    file,
    holder: holderOf(runId),
    waitSeconds: 0,
    isAlive: () => Promise.resolve(true),
    sleep: async (seconds) => await delay(seconds * 20),
    now: Date.now,
    elapsed: () => performance.now(),
    signal: new AbortController().signal,
    flags: '--cloud local',
    ...more,
  };
}

async function runHolding(file: string): Promise<string> {
  const found = await findLock(file);
  return found.kind === 'held' ? found.holder.runId : found.kind;
}

test('the second one is refused and told who holds it, since when, and when it was last heard of', async () => {
  const file = await lockFile();
  const lock = await acquireLock(options(file, 'one'));

  await expect(acquireLock(options(file, 'two'))).rejects.toMatchObject({
    code: 'Locked',
    message: expect.stringMatching(
      /^locked by ann@here \(pid 42\) for \d+ s: agentctl deploy \(run one\), last heartbeat \d+ s ago$/,
    ) as string,
    fix: 'wait for it, or pass --lock-wait 10m',
  });
  await lock.release();
});

test('a released lock can be taken, and nothing is left behind', async () => {
  const file = await lockFile();
  await (await acquireLock(options(file, 'one'))).release();

  const second = await acquireLock(options(file, 'two'));

  expect(await runHolding(file)).toBe('two');
  await second.release();
  expect(await readdir(dirname(file))).toEqual([]);
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

test('the lock of a process that is gone is taken over, by one only, which is told whose it was', async () => {
  const file = await lockFile();
  await acquireLock(options(file, 'dead'));
  const isAlive = (holder: LockHolder): Promise<boolean> => Promise.resolve(holder.runId !== 'dead');
  const takenOver: string[] = [];
  const onTakeOver = (holder: LockHolder): void => void takenOver.push(holder.runId);

  const contenders = Array.from({ length: 20 }, async (_, index) =>
    acquireLock(options(file, `run-${index}`, { isAlive, onTakeOver })).then(
      () => 'won',
      (error: unknown) => (error as { code: string }).code,
    ),
  );

  const outcomes = await Promise.all(contenders);
  expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'Locked')).toHaveLength(19);
  expect(takenOver).toEqual(['dead']);
});

test('a lock of another host is never taken over, but it is told that its heartbeat stopped', async () => {
  const file = await lockFile();
  await acquireLock(options(file, 'theirs'));
  const past = new Date(Date.now() - 3 * hour);
  await utimes(file, past, past);
  const elsewhere = options(file, 'mine', { isAlive: () => Promise.resolve(false) });

  await expect(acquireLock({ ...elsewhere, holder: { ...elsewhere.holder, host: 'there' } })).rejects.toMatchObject({
    code: 'Locked',
    message: expect.stringContaining('its heartbeat stopped 3 h ago') as string,
    fix: expect.stringContaining('agentctl unlock --cloud local') as string,
  });
});

test.each([
  ['forward', hour],
  ['back', -hour],
])('a clock that is put %s an hour neither ends a wait nor makes an age negative', async (_, step) => {
  const file = await lockFile();
  await acquireLock(options(file, 'one'));
  let time = Date.now();
  let elapsed = 0;
  const refused = acquireLock(
    options(file, 'two', {
      waitSeconds: 10,
      now: () => time,
      elapsed: () => elapsed,
      sleep: () => {
        time += step;
        elapsed += 1000;
        return Promise.resolve();
      },
    }),
  );

  const error = await refused.catch((reason: unknown) => reason as Error);

  expect(elapsed).toBe(10_000);
  expect(error).toMatchObject({ code: 'Locked', message: expect.stringMatching(/ for \d+ (s|min|h)/) as string });
  expect(String(error)).not.toMatch(/ -\d/);
});

test.each([
  ['Interrupted', new Error('by hand')],
  ['TimedOut', AbortSignal.abort(new DOMException('late', 'TimeoutError')).reason as Error],
])('a wait that is stopped ends as %s', async (code, reason) => {
  const file = await lockFile();
  await acquireLock(options(file, 'one'));
  const stopped = new AbortController();

  const waiting = acquireLock(
    options(file, 'two', { waitSeconds: 60, signal: stopped.signal, onWait: () => stopped.abort(reason) }),
  );

  await expect(waiting).rejects.toMatchObject({ code });
});

test('a holder whose lock was removed notices before it does anything more', async () => {
  const file = await lockFile();
  const lock = await acquireLock(options(file, 'one'));
  await lock.assertHeld();

  await removeLock(file, 'token-one');

  await expect(lock.assertHeld()).rejects.toMatchObject({
    code: 'LockLost',
    message: 'run one was stopped because its lock was taken away; nobody holds it now',
    fix: expect.stringContaining('agentctl resume one --cloud local') as string,
  });
  expect(lock.lost.aborted).toBe(true);
});

test('a holder whose lock was removed notices at its heartbeat', async () => {
  const file = await lockFile();
  const lock = await acquireLock(options(file, 'one', { heartbeatSeconds: 0.02 }));

  await rm(file);

  await expect.poll(() => lock.lost.aborted, patiently).toBe(true);
});

test('a holder never removes the lock of the one after it, even of the same run', async () => {
  const file = await lockFile();
  const first = await acquireLock(options(file, 'one'));
  await removeLock(file, 'token-one');
  await acquireLock({ ...options(file, 'one'), holder: { ...holderOf('one'), token: 'another', user: 'bob' } });

  await expect(first.assertHeld()).rejects.toMatchObject({
    code: 'LockLost',
    message: expect.stringContaining('bob@here (pid 42) holds it now') as string,
  });
  await first.release();

  expect(await findLock(file)).toMatchObject({ kind: 'held', holder: { token: 'another' } });
});

test('its heartbeat touches the lock as long as it is its own, and no other', async () => {
  const file = await lockFile();
  const past = new Date(0);
  const first = await acquireLock(options(file, 'one', { heartbeatSeconds: 0.02 }));
  await utimes(file, past, past);
  await expect.poll(async () => (await stat(file)).mtimeMs, patiently).toBeGreaterThan(hour);

  await removeLock(file, 'token-one');
  await writeFile(file, JSON.stringify(holderOf('two')));
  await utimes(file, past, past);
  await expect.poll(() => first.lost.aborted, patiently).toBe(true);

  expect((await stat(file)).mtimeMs).toBe(0);
});

test('only the lock that was looked at is removed', async () => {
  const file = await lockFile();
  await acquireLock(options(file, 'one'));

  expect(await removeLock(file, 'token-of-another')).toBe(false);
  expect(await runHolding(file)).toBe('one');
});

test('a removal that was killed half way keeps nobody out for long', async () => {
  const file = await lockFile();
  await acquireLock(options(file, 'dead'));
  await writeFile(`${file}.break`, '');

  const lock = await acquireLock(options(file, 'one', { isAlive: ({ runId }) => Promise.resolve(runId !== 'dead') }));

  await lock.release();
  expect(await readdir(dirname(file))).toEqual([]);
});

test('what a process left that was killed while it took the lock is cleared away', async () => {
  const file = await lockFile();
  const past = new Date(Date.now() - hour);
  await writeFile(`${file}.draft`, '{"lockVer');
  await utimes(`${file}.draft`, past, past);
  await writeFile(`${file}.young`, '{"lockVer');

  const lock = await acquireLock(options(file, 'one'));
  await lock.release();

  expect(await readdir(dirname(file))).toEqual(['lock.json.young']);
});

test('an empty directory that a destroy takes away is made again', async () => {
  const file = join(await temporaryDirectory(), 'stage', 'lock.json');
  let isOver = false;
  const destroying = (async () => {
    while (!isOver) {
      await rmdir(dirname(file)).catch(() => undefined);
      await delay(1);
    }
  })();

  const runs = Array.from({ length: 30 }, (_, index) => `run-${index}`);
  const outcomes: unknown[] = [];
  for (const run of runs) {
    const lock = await acquireLock(options(file, run)).catch((error: unknown) => outcomes.push(error));
    if (typeof lock !== 'number') await lock.release();
  }
  isOver = true;
  await destroying;

  expect(outcomes).toEqual([]);
});

test('something that is no lock is refused, and nothing is overwritten', async () => {
  const file = await lockFile();
  await writeFile(file, '{"lockVersion":1,');

  await expect(acquireLock(options(file, 'one'))).rejects.toMatchObject({
    code: 'StateUnreadable',
    fix: expect.stringContaining('agentctl unlock') as string,
  });
  expect(readFileSync(file, 'utf8')).toBe('{"lockVersion":1,');
});

test('something that is no lock can be removed like one', async () => {
  const file = await lockFile();
  await writeFile(file, Buffer.from([0xc3]));
  const found = await findLock(file);
  if (found.kind !== 'unreadable') throw new Error(found.kind);

  expect(await removeLock(file, found.identity)).toBe(true);
  await mkdir(file);
  const directory = await findLock(file);
  if (directory.kind !== 'unreadable') throw new Error(directory.kind);
  expect(await removeLock(file, directory.identity)).toBe(true);
  expect(await readdir(dirname(file))).toEqual([]);
});

test('a lock says who took it, in a file that only we can read', async () => {
  const file = await lockFile();
  const lock = await acquireLock(options(file, 'one'));

  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ lockVersion: 1, user: 'ann', runId: 'one' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await lock.release();
});

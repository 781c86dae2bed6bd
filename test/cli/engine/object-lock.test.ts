import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { HolderOptions } from '../../../cli/engine/lock.js';
import type { LockHolder } from '../../../cli/engine/lock-file.js';
import { acquireObjectLock, findObjectLock, removeObjectLock } from '../../../cli/engine/object-lock.js';
import { AgentctlError } from '../../../cli/errors.js';
import { MemoryObjectStore } from '../../support/memory-object-store.js';

const patiently = { timeout: 60_000 };
const key = 'agent/production/lock.json';

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

function options(runId: string, more: Partial<HolderOptions> = {}): HolderOptions {
  return {
    holder: holderOf(runId),
    waitSeconds: 0,
    isAlive: () => Promise.resolve(true),
    sleep: () => Promise.resolve(),
    now: Date.now,
    elapsed: () => performance.now(),
    signal: new AbortController().signal,
    flags: '--cloud aws',
    ...more,
  };
}

function place() {
  const store = new MemoryObjectStore();
  return { store, object: { store, key } };
}

async function holding(object: { readonly store: MemoryObjectStore; readonly key: string }): Promise<string> {
  const found = await findObjectLock(object);
  return found.kind === 'held' ? found.holder.runId : found.kind;
}

test('the second one is refused and told who holds it; after a release it gets it', async () => {
  const { object } = place();
  const lock = await acquireObjectLock(object, options('one'));

  await expect(acquireObjectLock(object, options('two'))).rejects.toMatchObject({
    code: 'Locked',
    message: expect.stringMatching(/^locked by ann@here \(pid 42\) for \d+ s: agentctl deploy \(run one\)/) as string,
  });
  await lock.release();
  await acquireObjectLock(object, options('two'));

  expect(await holding(object)).toBe('two');
});

test('a creation whose answer was lost is found to be ours', async () => {
  const { store, object } = place();
  store.lostReplies.add('create');

  const lock = await acquireObjectLock(object, options('one'));
  await lock.assertHeld();
  await lock.release();

  expect(await holding(object)).toBe('none');
});

test('of ten that want it at once, one gets it', async () => {
  const { object } = place();
  const names = Array.from({ length: 10 }, (_, index) => `run-${index}`);
  const outcomes = await Promise.all(
    names.map(
      async (name) =>
        await acquireObjectLock(object, options(name)).then(
          () => 'held',
          () => 'refused',
        ),
    ),
  );

  expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1);
});

test('the lock of a process of this host that is gone and silent is taken over by exactly one', async () => {
  const { store, object } = place();
  store.now = () => Date.now() - 60_000;
  await acquireObjectLock(object, options('dead'));
  store.now = Date.now;
  const taken: string[] = [];
  const isAlive = (holder: LockHolder) => Promise.resolve(holder.runId !== 'dead');

  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map(async (name) =>
      acquireObjectLock(object, options(name, { isAlive, onTakeOver: ({ runId }) => taken.push(runId) })).then(
        () => 'held',
        () => 'refused',
      ),
    ),
  );

  expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1);
  expect(new Set(taken)).toEqual(new Set(['dead']));
});

test('a process that is not on this host of that name, but whose heart beats, keeps its lock', async () => {
  const { store, object } = place();
  await acquireObjectLock(object, options('one'));
  const isAlive = () => Promise.resolve(false);
  // Two beats pass while the other one waits: another machine has the same name.
  const sleep = async (): Promise<void> => {
    const { version = '' } = (await store.read(key)) ?? {};
    store.now = () => Date.now() + 5_000;
    await store.replace(key, JSON.stringify(holderOf('one')), version);
  };

  await expect(acquireObjectLock(object, options('two', { isAlive, sleep }))).rejects.toMatchObject({ code: 'Locked' });
  expect(await holding(object)).toBe('one');
});

test('one whose heart does not beat meanwhile is taken over without asking its clock', async () => {
  const { object } = place();
  await acquireObjectLock(object, options('one'));

  await acquireObjectLock(object, options('two', { isAlive: () => Promise.resolve(false) }));

  expect(await holding(object)).toBe('two');
});

test('a lock of another host is never taken over, however silent', async () => {
  const { store, object } = place();
  store.now = () => 0;
  await acquireObjectLock(object, options('one', { holder: { ...holderOf('one'), host: 'there' } }));

  await expect(
    acquireObjectLock(object, options('two', { isAlive: () => Promise.resolve(false) })),
  ).rejects.toMatchObject({ code: 'Locked', fix: expect.stringContaining('agentctl unlock --cloud aws') as string });
});

test('the heartbeat writes the object again, also after its answer was lost, and stops with the release', async () => {
  const { store, object } = place();
  const lock = await acquireObjectLock(object, options('one', { heartbeatSeconds: 0.01 }));
  store.lostReplies.add('replace');
  const first = store.objects.get(key)?.version;
  await expect.poll(() => store.lostReplies.size, patiently).toBe(0);
  const second = store.objects.get(key)?.version;
  await expect.poll(() => store.objects.get(key)?.version, patiently).not.toBe(second);

  expect(first).not.toBe(second);
  await lock.assertHeld();
  await lock.release();
  await delay(30);
  expect(store.objects.size).toBe(0);
});

test('whose lock was taken away learns it from the heartbeat and from asking, and leaves that of the other', async () => {
  const { object } = place();
  const lock = await acquireObjectLock(object, options('one', { heartbeatSeconds: 0.01 }));
  expect(await removeObjectLock(object, 'token-one')).toBe(true);
  await acquireObjectLock(object, options('two'));

  await expect.poll(() => lock.lost.aborted, patiently).toBe(true);
  await expect(lock.assertHeld()).rejects.toMatchObject({
    code: 'LockLost',
    message: expect.stringContaining('ann@here (pid 42) holds it now') as string,
  });
  await lock.release();
  expect(await holding(object)).toBe('two');
});

test('a store that does not answer takes no lock away for a minute', async () => {
  const { store, object } = place();
  let now = 0;
  const lock = await acquireObjectLock(object, options('one', { elapsed: () => now }));
  store.failure = new AgentctlError('ToolFailed', 'S3 does not answer', { fix: 'wait', retryable: true });

  now = 59_000;
  await lock.assertHeld();
  now = 61_000;
  await expect(lock.assertHeld()).rejects.toThrow('S3 does not answer');
  store.failure = undefined;
  await lock.assertHeld();
});

test('only the lock that was looked at is removed; a removal whose answer was lost is one', async () => {
  const { store, object } = place();
  await acquireObjectLock(object, options('one'));

  expect(await removeObjectLock(object, 'token-of-another')).toBe(false);
  store.lostReplies.add('remove');
  expect(await removeObjectLock(object, 'token-one')).toBe(true);
  expect(await removeObjectLock(object, 'token-one')).toBe(false);
});

test('an object that is no lock is nobody’s: it is named, and can be removed', async () => {
  const { store, object } = place();
  await store.write(key, 'half of a lo');

  await expect(acquireObjectLock(object, options('one'))).rejects.toMatchObject({
    code: 'StateUnreadable',
    message: expect.stringContaining(`memory://${key}`) as string,
  });
  const found = await findObjectLock(object);
  if (found.kind !== 'unreadable') throw new Error(found.kind);
  expect(await removeObjectLock(object, found.identity)).toBe(true);
});

test('whoever may not read any more stops, says where to look, and lets go of the lock all the same', async () => {
  const { object, store } = place();
  const lock = await acquireObjectLock(object, options('one'));
  const denied = new AgentctlError('EnvironmentNotReady', 'AWS denied s3:GetObject', { fix: 'allow s3:GetObject' });
  store.read = async () => await Promise.reject(denied);

  await expect(lock.assertHeld()).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'AWS denied s3:GetObject; the run was stopped where it was: see `agentctl status`',
  });
  await lock.release();

  expect(store.objects.has(key)).toBe(false);
});

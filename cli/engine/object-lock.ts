import type { ObjectPlace } from '../object-store.js';
import { decodeState } from '../state-file.js';
import { AgentctlError, isAgentctlError } from '../errors.js';
import { type HolderOptions, defaultHeartbeatSeconds, type Lock, takeLock } from './lock.js';
import { type FoundLock, lockFormat } from './lock-file.js';
import { type HeldLock, isSilent, lockLost } from './lock-text.js';

/** Between two looks at a lock that is waited for: each is a request. */
const pollSeconds = 2;
/** A store that does not answer is no reason to stop as long as nobody can have taken the lock: `unlock` takes longer than this. */
const trustedMilliseconds = 60_000;

interface VersionedLock {
  readonly found: FoundLock;
  /** Of the object; undefined: there is none. */
  readonly version: string | undefined;
}

/** Looks at a lock in a store. Throws only when the store does not answer. */
export async function findObjectLock(place: ObjectPlace): Promise<FoundLock> {
  return (await lookAt(place)).found;
}

async function lookAt({ store, key }: ObjectPlace): Promise<VersionedLock> {
  const object = await store.read(key);
  if (object === undefined) return { found: { kind: 'none' }, version: undefined };
  const { bytes, version, modifiedAt } = object;
  try {
    const holder = decodeState(lockFormat, store.place(key), bytes);
    return { found: { kind: 'held', identity: holder.token, holder, heartbeatAt: modifiedAt }, version };
  } catch (error) {
    if (!isAgentctlError(error)) throw error;
    return { found: { kind: 'unreadable', identity: version, problem: error }, version };
  }
}

/** Removes a lock if it is still the one that was looked at. False: it is not, any more. */
export async function removeObjectLock(place: ObjectPlace, identity: string): Promise<boolean> {
  for (let tried = false; ; tried = true) {
    const { found, version } = await lookAt(place);
    // Gone after a try: it was ours, and only the answer was lost.
    if (found.kind === 'none' || version === undefined) return tried;
    if (found.identity !== identity) return false;
    if (await place.store.remove(place.key, version)) return true;
  }
}

/**
 * Takes the lock of a stage that several machines share: an object created only if there is none, naming its holder, and
 * written again as heartbeat. The lock of a process of this host that is gone is taken over once its heartbeat has stopped
 * as well, as two machines may have the same name; one of another host never.
 *
 * @throws as `acquireLock`, and what the store throws
 */
export async function acquireObjectLock(place: ObjectPlace, options: HolderOptions): Promise<Lock> {
  const { store, key } = place;
  const { holder, heartbeatSeconds = defaultHeartbeatSeconds } = options;
  const text = JSON.stringify(holder);

  return await takeLock(options, {
    pollSeconds,
    async create() {
      const version = await store.create(key, text);
      if (version !== undefined) return held(place, options, version);
      const there = await lookAt(place);
      // Ours: it was created, and the answer was lost.
      const isOurs = there.found.kind === 'held' && there.found.identity === holder.token;
      return isOurs && there.version !== undefined ? held(place, options, there.version) : undefined;
    },
    find: async () => await findObjectLock(place),
    async isAbandoned(found) {
      if (found.holder.host !== holder.host || (await options.isAlive(found.holder))) return false;
      return isSilent(found, options.now()) || (await isUnchanged(place, found, 2 * heartbeatSeconds, options));
    },
    remove: async (identity) => await removeObjectLock(place, identity),
  });
}

/** Whether two beats go by without one. Measured here: clocks of two machines differ. */
async function isUnchanged(
  place: ObjectPlace,
  before: HeldLock,
  seconds: number,
  { sleep, signal }: HolderOptions,
): Promise<boolean> {
  await sleep(seconds, signal);
  if (signal.aborted) return false;
  const after = await findObjectLock(place);
  return after.kind === 'held' && after.identity === before.identity && after.heartbeatAt === before.heartbeatAt;
}

function held(place: ObjectPlace, options: HolderOptions, created: string): Lock {
  const { store, key } = place;
  const { holder, flags, elapsed, heartbeatSeconds = defaultHeartbeatSeconds } = options;
  const text = JSON.stringify(holder);
  const lost = new AbortController();
  let version = created;
  let confirmedAt = elapsed();

  const look = async (): Promise<void> => {
    const there = await lookAt(place);
    if (there.found.kind !== 'held' || there.found.identity !== holder.token || there.version === undefined) {
      lost.abort(lockLost(there.found, holder.runId, flags));
      return;
    }
    version = there.version;
    confirmedAt = elapsed();
  };
  const beat = async (): Promise<void> => {
    if (lost.signal.aborted) return;
    const written = await store.replace(key, text, version);
    if (written === undefined) return await look();
    version = written;
    confirmedAt = elapsed();
  };

  // One at a time: a slow one would otherwise meet the version that the next has written.
  let beating: Promise<void> = Promise.resolve();
  let isBeating = false;
  const heartbeat = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    beating = beat()
      .catch(() => undefined)
      .finally(() => {
        isBeating = false;
      });
  }, heartbeatSeconds * 1000);
  heartbeat.unref();

  return {
    lost: lost.signal,
    async assertHeld() {
      if (!lost.signal.aborted) {
        await beating;
        await look().catch((error: unknown) => {
          const isTransient = isAgentctlError(error) && error.retryable;
          if (!isTransient || elapsed() - confirmedAt > trustedMilliseconds) throw unseen(error);
        });
      }
      lost.signal.throwIfAborted();
    },
    async release() {
      clearInterval(heartbeat);
      await beating;
      if (lost.signal.aborted) return;
      // As it was seen last, without a look: whoever may not read any more, for example, may still remove it.
      if (await store.remove(key, version).catch(() => false)) return;
      await removeObjectLock(place, holder.token);
    },
  };
}

/** The run stops where it is, without the usual report of how it ended. */
function unseen(error: unknown): unknown {
  if (!isAgentctlError(error)) return error;
  const { code, message, fix, data } = error;
  return new AgentctlError(code, `${message}; the run was stopped where it was: see \`agentctl status\``, {
    fix: `${fix}; then run it again`,
    ...(data === undefined ? {} : { data }),
    cause: error,
  });
}

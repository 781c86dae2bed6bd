import { type FileHandle, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AgentctlError, hasSystemCode } from '../errors.js';
import { isTimeout } from './is-timeout.js';
import { findLock, type FoundLock, type LockHolder, removeLock } from './lock-file.js';
import { type HeldLock, locked, lockLost } from './lock-text.js';

/** What acquiring a lock needs from the world, wherever it is kept. */
export interface HolderOptions {
  readonly holder: LockHolder;
  /** How long to wait for another holder. 0: refuse at once. */
  readonly waitSeconds: number;
  /** Is this very process still there? Asked only for a holder on this host. */
  readonly isAlive: (holder: LockHolder) => Promise<boolean>;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Time of day in milliseconds. It may step, so that nothing but ages that are shown comes from it. */
  readonly now: () => number;
  /** Milliseconds that never step: measures the wait. */
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
  /** Flags of the commands that are suggested. */
  readonly flags: string;
  /** How often the holder says that it is still there, and looks whether the lock is still its own. @default 5 */
  readonly heartbeatSeconds?: number;
  /** Called once when it starts to wait. */
  readonly onWait?: (holder: LockHolder) => void;
  /** Called after the lock of a process that is gone was removed. */
  readonly onTakeOver?: (holder: LockHolder) => void;
}

/** What acquiring the lock of a file needs. */
export interface LockOptions extends HolderOptions {
  readonly file: string;
}

/** A place where locks are kept. */
export interface LockKeeper {
  /** Takes the lock if nobody has it; undefined: somebody does. */
  create(): Promise<Lock | undefined>;
  find(): Promise<FoundLock>;
  /** Whether the one who holds it is certainly gone. */
  isAbandoned(found: HeldLock): Promise<boolean>;
  /** Removes it if it is still the one that was found. */
  remove(identity: string): Promise<boolean>;
  readonly pollSeconds: number;
}

/** A lock that is held, until it is released or somebody takes it away. */
export interface Lock {
  /** Aborted, with LockLost as its reason, once it is known that the lock was taken away. */
  readonly lost: AbortSignal;
  /**
   * Looks whether the lock is still this one.
   *
   * @throws LockLost
   */
  assertHeld(): Promise<void>;
  /** Removes the lock if it is still this one. */
  release(): Promise<void>;
}

/** Seconds between two signs of life of a holder. */
export const defaultHeartbeatSeconds = 5;
const pollSeconds = 0.25;
/** Between writing a draft and linking it there are milliseconds. */
const abandonedDraftMilliseconds = 60_000;

/**
 * Takes the lock of a stage: a file created exclusively, naming its holder, with its time of change as heartbeat.
 * The lock of a process of this host that is gone is taken over; one of another host never.
 *
 * @throws Locked naming the holder, when it is still held after `waitSeconds`; StateUnreadable when what lies there is no
 *   lock; Interrupted, TimedOut while waiting
 */
export async function acquireLock(options: LockOptions): Promise<Lock> {
  const { file, holder } = options;
  return await takeLock(options, {
    pollSeconds,
    async create() {
      const handle = await createExclusively(file, holder);
      if (handle === undefined) return undefined;
      await removeOldDrafts(file, options.now());
      return held(options, handle);
    },
    find: async () => await findLock(file),
    isAbandoned: async (found) => found.holder.host === holder.host && !(await options.isAlive(found.holder)),
    remove: async (identity) => await removeLock(file, identity),
  });
}

/** Takes a lock wherever it is kept, waits for it as long as it may. @throws as {@link acquireLock} */
export async function takeLock(options: HolderOptions, keeper: LockKeeper): Promise<Lock> {
  const { signal } = options;
  const deadline = options.elapsed() + options.waitSeconds * 1000;
  let announced = false;
  for (;;) {
    const lock = await keeper.create();
    if (lock !== undefined) return lock;
    const found = await keeper.find();
    if (found.kind === 'none') continue;
    if (found.kind === 'unreadable') throw found.problem;
    const other = found.holder;
    if (await keeper.isAbandoned(found)) {
      if (await keeper.remove(found.identity)) options.onTakeOver?.(other);
      continue;
    }
    if (signal.aborted) throw stoppedWaiting(found, signal);
    if (options.elapsed() >= deadline) throw locked(found, options.now(), options.flags);
    if (!announced) options.onWait?.(other);
    announced = true;
    await options.sleep(keeper.pollSeconds, signal);
  }
}

/**
 * The file appears whole or not at all: written aside, then linked under its name, which fails if that exists. Undefined:
 * it exists. A `destroy` that ends may remove the draft or its directory meanwhile; then it is tried again.
 */
async function createExclusively(file: string, holder: LockHolder): Promise<FileHandle | undefined> {
  const draft = `${file}.${holder.token}`;
  for (let attempt = 1; ; attempt++) {
    let handle: FileHandle | undefined;
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      handle = await open(draft, 'w', 0o600);
      await handle.writeFile(JSON.stringify(holder));
      await handle.sync();
      await link(draft, file);
      return handle;
    } catch (error) {
      await handle?.close();
      if (hasSystemCode(error, 'EEXIST')) return undefined;
      if (!hasSystemCode(error, 'ENOENT') || attempt === 20) throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }
}

/** A process that was killed between writing its draft and linking it has left it. */
async function removeOldDrafts(file: string, now: number): Promise<void> {
  const directory = dirname(file);
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(directory, name);
    const changedAt = await stat(draft).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    // Either way: a clock that was put back must not keep them for ever. Whoever still needs his writes another.
    if (Math.abs(now - changedAt) > abandonedDraftMilliseconds) await rm(draft, { force: true });
  }
}

/** `handle`: of the very file that was created, so that a heartbeat never touches the lock of somebody else. */
function held(options: LockOptions, handle: FileHandle): Lock {
  const { file, holder, now, flags, heartbeatSeconds = defaultHeartbeatSeconds } = options;
  const lost = new AbortController();
  const look = async (): Promise<void> => {
    const found = await findLock(file);
    if (found.kind !== 'held' || found.identity !== holder.token) lost.abort(lockLost(found, holder.runId, flags));
  };
  const beat = async (): Promise<void> => {
    await handle.utimes(now() / 1000, now() / 1000);
    await look();
  };
  const heartbeat = setInterval(() => void beat().catch(() => undefined), heartbeatSeconds * 1000);
  heartbeat.unref();
  return {
    lost: lost.signal,
    async assertHeld() {
      if (!lost.signal.aborted) await look();
      lost.signal.throwIfAborted();
    },
    async release() {
      clearInterval(heartbeat);
      await handle.close();
      if (!lost.signal.aborted) await removeLock(file, holder.token).catch(unlessGone);
    },
  };
}

function unlessGone(error: unknown): void {
  if (!hasSystemCode(error, 'ENOENT')) throw error;
}

function stoppedWaiting({ holder }: HeldLock, signal: AbortSignal): AgentctlError {
  const why = `while waiting for the lock of ${holder.user}@${holder.host}; nothing was changed`;
  return isTimeout(signal)
    ? new AgentctlError('TimedOut', `stopped by --timeout ${why}`, { fix: 'raise --timeout, or run it again later' })
    : new AgentctlError('Interrupted', `interrupted ${why}`, { fix: 'run it again' });
}

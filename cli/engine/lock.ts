import { link, mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { AgentctlError, hasSystemCode } from '../errors.js';

const lockHolder = z.strictObject({
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  /** Start time of the process as its system tells it: with the pid, one process and no other. */
  processStart: z.string(),
  runId: z.string(),
  command: z.string(),
  since: z.iso.datetime(),
});
/** Who holds a lock, as it is shown to whoever finds it taken. */
export type LockHolder = z.output<typeof lockHolder>;

/** What acquiring a lock needs from the world. */
export interface LockOptions {
  readonly file: string;
  readonly holder: LockHolder;
  /** How long to wait for another holder. 0: refuse at once. */
  readonly waitSeconds: number;
  /** Is this very process still there? Asked only for a holder on this host. */
  readonly isAlive: (holder: LockHolder) => Promise<boolean>;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called once when it starts to wait. */
  readonly onWait?: (holder: LockHolder) => void;
}

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>;
}

const heartbeatMilliseconds = 5_000;
/** Breaking takes milliseconds; a guard this old was left by a process that was killed in between. */
const abandonedGuardMilliseconds = 10_000;

/**
 * Takes the lock of a stage: a file created exclusively, naming its holder, with its time of change as heartbeat.
 * A lock whose holder on this host is gone is taken over.
 *
 * @throws Locked naming the holder, when it is still held after `waitSeconds`
 */
export async function acquireLock(options: LockOptions): Promise<Lock> {
  const { file, holder, signal } = options;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const deadline = options.now() + options.waitSeconds * 1000;
  let announced = false;
  for (;;) {
    if (await createExclusively(file, holder)) return held(file);
    const other = await readHolder(file);
    if (other === undefined) continue;
    if (other.host === holder.host && !(await options.isAlive(other))) {
      if (!(await breakLock(file, other, holder))) await options.sleep(0.05, signal);
      continue;
    }
    if (options.now() >= deadline || signal.aborted) throw lockedBy(other, options.now());
    if (!announced) options.onWait?.(other);
    announced = true;
    await options.sleep(0.25, signal);
  }
}

/** The holder of a lock file; undefined when there is none (or it vanished between two looks). */
export async function readHolder(file: string): Promise<LockHolder | undefined> {
  try {
    return lockHolder.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw new AgentctlError('StateUnreadable', `cannot read the lock ${file}`, {
      fix: `check that no deploy is running, then remove ${file}`,
      cause: error,
    });
  }
}

/** The file appears whole or not at all: written aside, then linked under its name, which fails if that exists. */
async function createExclusively(file: string, holder: LockHolder): Promise<boolean> {
  const draft = `${file}.${holder.runId}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(holder));
    await handle.sync();
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

/**
 * Removes the lock of a holder that is gone. Only one process at a time may do so (a second exclusive file), or the
 * slower of two could remove the lock that the faster has just taken. False: somebody else is at it.
 */
async function breakLock(file: string, gone: LockHolder, breaker: LockHolder): Promise<boolean> {
  const guard = `${file}.break`;
  if (!(await createExclusively(guard, breaker))) {
    const age = await stat(guard).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > abandonedGuardMilliseconds) await rm(guard, { force: true });
    return false;
  }
  try {
    const current = await readHolder(file);
    if (current?.runId === gone.runId) await rm(file, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function held(file: string): Lock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMilliseconds);
  heartbeat.unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      await rm(file, { force: true });
    },
  };
}

function lockedBy(holder: LockHolder, now: number): AgentctlError {
  const seconds = Math.max(0, Math.round((now - Date.parse(holder.since)) / 1000));
  return new AgentctlError(
    'Locked',
    `locked by ${holder.user}@${holder.host} (pid ${holder.pid}) for ${seconds} s: ${holder.command} (run ${holder.runId})`,
    { fix: 'wait for it, or pass --lock-wait 10m' },
  );
}

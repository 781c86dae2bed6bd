import { createHash } from 'node:crypto';
import { readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type AgentctlError, hasSystemCode, isAgentctlError } from '../errors.js';
import { readState, type StateFormat } from '../state-file.js';

/** Bumped when an older agentctl could misread a lock written by a newer one. */
export const lockVersion = 1;

const lockHolder = z.strictObject({
  lockVersion: z.literal(lockVersion),
  /** Tells this holding from every other: a resumed run has the id of the run it resumes. */
  token: z.string(),
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

/** What lies under the name of a lock. `identity` tells it from whatever may lie there later. */
export type FoundLock =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'held';
      readonly identity: string;
      readonly holder: LockHolder;
      /** Milliseconds since the epoch: the file's time of change, which its holder renews every five seconds. */
      readonly heartbeatAt: number;
    }
  | { readonly kind: 'unreadable'; readonly identity: string; readonly problem: AgentctlError };

/** Looks at a lock. Never throws for what it finds there. */
export async function findLock(file: string): Promise<FoundLock> {
  try {
    const holder = await readState(lockFormat, file);
    if (holder === undefined) return { kind: 'none' };
    return { kind: 'held', identity: holder.token, holder, heartbeatAt: (await stat(file)).mtimeMs };
  } catch (error) {
    // Gone between two looks.
    if (hasSystemCode(error, 'ENOENT')) return { kind: 'none' };
    if (!isAgentctlError(error)) throw error;
    return { kind: 'unreadable', identity: await contentHash(file), problem: error };
  }
}

/**
 * Removes a lock if it is still the one that was looked at. False: it is not, any more.
 *
 * Every removal comes through here, one at a time: of two processes that found the same dead lock, the slower could
 * otherwise remove the one that the faster has just taken.
 */
export async function removeLock(file: string, identity: string): Promise<boolean> {
  return await guarded(`${file}.break`, async () => {
    const found = await findLock(file);
    if (found.kind === 'none' || found.identity !== identity) return false;
    await rm(file, { force: true }).catch(async (error: unknown) => {
      if (!hasSystemCode(error, 'ERR_FS_EISDIR')) throw error;
      await rmdir(file);
    });
    return true;
  });
}

/** How a lock is written, wherever it is kept. */
export const lockFormat: StateFormat<typeof lockHolder> = {
  name: 'lock',
  schema: lockHolder,
  versionField: 'lockVersion',
  version: lockVersion,
  fix: () => 'make sure that no other agentctl runs for this stage, then remove it: agentctl unlock',
};

/** Removing takes milliseconds: a guard that is still the same after this long was left by a process that was killed. */
const abandonedGuardMilliseconds = 1_000;

/** Does the work while holding a second exclusive file, so that only one process at a time does. */
async function guarded<R>(guard: string, work: () => Promise<R>): Promise<R> {
  let seen = { mark: '', since: performance.now() };
  while (!(await createGuard(guard))) {
    const mark = await markOf(guard);
    if (mark === '' || mark !== seen.mark) seen = { mark, since: performance.now() };
    else if (performance.now() - seen.since > abandonedGuardMilliseconds) await rm(guard, { force: true });
    await delay(20);
  }
  try {
    return await work();
  } finally {
    await rm(guard, { force: true });
  }
}

async function createGuard(guard: string): Promise<boolean> {
  try {
    await writeFile(guard, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function markOf(guard: string): Promise<string> {
  return await stat(guard).then(
    ({ ino, ctimeMs }) => `${ino} ${ctimeMs}`,
    () => '',
  );
}

/** Of a file that cannot be understood. A directory has no content; it stays the same as long as it is there. */
async function contentHash(file: string): Promise<string> {
  return await readFile(file).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    () => 'no content',
  );
}

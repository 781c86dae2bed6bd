import { AgentctlError } from '../errors.js';
import type { FoundLock, LockHolder } from './lock-file.js';

/** A lock that is held, as it was found. */
export type HeldLock = Extract<FoundLock, { readonly kind: 'held' }>;

/** Three beats and a little more: a holder that was silent for this long is stopped, cut off or gone. */
const silentMilliseconds = 20_000;

/** Pure: `ann@laptop (pid 42)`. */
export function holderText({ user, host, pid }: LockHolder): string {
  return `${user}@${host} (pid ${pid})`;
}

/** Pure: `5 s`, `12 min`, `3 h`, `9 d`. A clock that was put back makes no age negative. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Pure: whether the holder has given no sign of life for longer than a busy machine explains. */
export function isSilent({ heartbeatAt }: HeldLock, now: number): boolean {
  return now - heartbeatAt > silentMilliseconds;
}

/** Pure: when the holder was last heard of: `last heartbeat 3 s ago`. */
export function heartbeatText(lock: HeldLock, now: number): string {
  const age = ageText(now - lock.heartbeatAt);
  return isSilent(lock, now) ? `its heartbeat stopped ${age} ago` : `last heartbeat ${age} ago`;
}

/** Pure: refused because somebody else holds the lock. */
export function locked(lock: HeldLock, now: number, flags: string): AgentctlError {
  const { holder } = lock;
  const { runId, command, since } = holder;
  const age = ageText(now - Date.parse(since));
  const wait = 'wait for it, or pass --lock-wait 10m';
  return new AgentctlError(
    'Locked',
    `locked by ${holderText(holder)} for ${age}: ${command} (run ${runId}), ${heartbeatText(lock, now)}`,
    {
      fix: isSilent(lock, now) ? `${wait}; if that process is gone for good: agentctl unlock ${flags}` : wait,
      data: { lock: { ...shownHolder(holder), heartbeatAt: new Date(lock.heartbeatAt).toISOString() } },
    },
  );
}

/** Pure: the lock was taken away from the run that held it. */
export function lockLost(found: FoundLock, runId: string, flags: string): AgentctlError {
  const by =
    found.kind === 'held' ? `${holderText(found.holder)} holds it now: ${found.holder.command}` : 'nobody holds it now';
  return new AgentctlError('LockLost', `run ${runId} was stopped because its lock was taken away; ${by}`, {
    fix: `see what serves: agentctl status ${flags}; go on with it: agentctl resume ${runId} ${flags}`,
  });
}

/** Pure: what a machine is told of a holder. */
export function shownHolder({ user, host, pid, runId, command, since }: LockHolder): Readonly<Record<string, unknown>> {
  return { user, host, pid, runId, command, since };
}

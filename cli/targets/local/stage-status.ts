import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { ReleaseStatus, SupervisorStatus } from '../../supervisor/protocol.js';
import type { BackingStatus, BackupsStatus, ScheduleStatus, ServiceStatus, StageStatus } from '../status.js';

const returning = 'its supervisor is being started again (logs/supervisor.log says more)';

/** Pure: what the supervisor says, in the words that every target's status has. `isGuarded`: one that has died is coming back. */
export function stageStatus(
  running: SupervisorStatus | undefined,
  record: ReleaseRecord | undefined,
  isGuarded: boolean,
): StageStatus {
  if (running === undefined) {
    const nothing = { url: null, release: record?.id ?? null, services: [], backing: [], schedules: [], backups: null };
    if (record === undefined) return { state: 'not-deployed', ...nothing };
    return { state: 'unreachable', ...(isGuarded ? { note: returning } : {}), ...nothing };
  }
  const serving = running.releases.find((release) => release.serving);
  const services = (serving?.services ?? []).map((service) => serviceStatus(service, record));
  const backing = backingStatus(running);
  const well =
    services.every((service) => service.ready >= service.desired) && backing.every((part) => part.state === 'running');
  return {
    state: serving === undefined ? 'not-deployed' : well ? 'running' : 'degraded',
    url: running.url,
    release: running.servingRelease,
    services,
    backing,
    schedules: running.schedules.map(scheduleStatus),
    backups: running.postgres === null ? null : backupsStatus(running.backups),
  };
}

function serviceStatus(
  { name, desired, replicas }: ReleaseStatus['services'][number],
  record: ReleaseRecord | undefined,
): ServiceStatus {
  const failing = replicas.find((replica) => replica.state !== 'ready' && replica.lastExit !== null);
  return {
    name,
    digest: record?.digests[name] ?? null,
    ready: replicas.filter((replica) => replica.state === 'ready').length,
    desired,
    restarts: replicas.reduce((sum, replica) => sum + replica.restarts, 0),
    note: failing === undefined ? '' : `${failing.name}: ${failing.state} (${failing.lastExit})`,
  };
}

function scheduleStatus({ name, cron, next, history }: SupervisorStatus['schedules'][number]): ScheduleStatus {
  const runs = history.map(({ id, startedAt: at, endedAt, state, exitCode }) => ({ id, at, endedAt, state, exitCode }));
  return { name, cron, next, lastRun: runs[0] ?? null, history: runs };
}

function backupsStatus({ last, next, history: [lastRun] }: SupervisorStatus['backups']): BackupsStatus {
  return { last, next, problem: lastRun?.state === 'failed' ? lastRun.problem.message : null };
}

function backingStatus({ postgres, redis, servers }: SupervisorStatus): readonly BackingStatus[] {
  const parts: BackingStatus[] = [];
  if (postgres !== null) {
    const { state, version, host, port, database } = postgres;
    parts.push({ name: 'postgres', state, detail: `PostgreSQL ${version}, ${host}:${port}, database ${database}` });
  }
  if (redis !== null) {
    parts.push({ name: 'redis', state: redis.state, detail: `Redis ${redis.version}, ${redis.host}:${redis.port}` });
  }
  for (const { name, state, image, port } of servers)
    parts.push({ name, state, detail: `${image}, port ${port} in the network of the stage` });
  return parts;
}

import { Cron } from 'croner';
import { scheduleJobOutput } from '../../../stacks/gcp/outputs.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { lastReleased, type ReleaseRecord } from '../../ledger/release-record.js';
import type { ExecutionState } from '../../tools/gcp/jobs/job-tools.js';
import type { BackingStatus, ScheduleRun, ScheduleStatus, ServiceStatus, StageStatus } from '../status.js';
import { backupOf } from './stage-backups.js';
import type { StageTools } from './open-stage-tools.js';
import { recordedRelease, servingRecord } from './recorded-release.js';
import { revisionsBefore } from './revisions-before.js';
import { stageOutputs } from './stage-facts.js';
import { runServices } from './stage-services.js';

type Scope = { readonly name: string; readonly stage: string };

/** What runs of a stage, in the words that every target's status has. */
export async function stageStatus(scope: Scope, tools: StageTools, signal: AbortSignal): Promise<StageStatus> {
  const [records, outputs] = await Promise.all([tools.ledger.list(), stageOutputs(scope, tools, signal)]);
  const record = servingRecord({ records, outputs });
  const { foundation = {}, service } = outputs;
  const backing = await backingStatus(foundation, tools, signal);
  const nothing = { url: null, release: null, services: [], schedules: [], backups: null };
  if (service === undefined || record === undefined) return { state: 'not-deployed', ...nothing, backing };
  const { spec } = recordedRelease(record).request;
  const [services, schedules, backups] = await Promise.all([
    servicesStatus(spec, record, scope, tools, signal),
    schedulesStatus(spec, service, tools, signal),
    backupsStatus(foundation['PostgresInstanceId'], tools, signal),
  ]);
  const isWell =
    services.every(({ ready, desired, note }) => ready >= desired && note === '') &&
    backing.every(({ state }) => state === 'running');
  return {
    state: isWell ? 'running' : 'degraded',
    url: foundation['Url'] ?? null,
    release: record.id,
    services,
    backing,
    schedules,
    backups,
  };
}

/** Cloud Run tells no number of instances: a revision is ready or it is not, and has all of the traffic or it has not. */
async function servicesStatus(
  spec: AgentSpec,
  record: ReleaseRecord,
  scope: Scope,
  { gcp }: StageTools,
  signal: AbortSignal,
): Promise<readonly ServiceStatus[]> {
  const revisions = revisionsBefore(record, spec);
  return await Promise.all(
    runServices(spec, scope).map(async ({ name, runName, kind }) => {
      const digest = record.digests[name] ?? null;
      const wanted = revisions[name];
      const state = await gcp.services.state(kind, runName, signal);
      if (state === undefined) return { name, digest, ready: 0, desired: 1, restarts: 0, note: 'it is gone' };
      const served = state.traffic.filter(({ percent }) => percent > 0);
      const isServing = served.some((one) => one.revision === wanted);
      const split = served.map((one) => `${one.revision} ${one.percent} %`).join(', ');
      const isAlone = isServing && served.every((one) => one.revision === wanted);
      const note = isAlone ? '' : `traffic: ${split === '' ? 'nobody' : split}`;
      return { name, digest, ready: isServing ? 1 : 0, desired: 1, restarts: 0, note };
    }),
  );
}

async function backingStatus(
  outputs: Readonly<Record<string, string>>,
  { gcp }: StageTools,
  signal: AbortSignal,
): Promise<readonly BackingStatus[]> {
  const { PostgresInstanceId: instance, SearchHost, CacheHost, QueueHost, QueueTopic } = outputs;
  const database = instance === undefined ? undefined : await gcp.database.state(instance, signal);
  const others = [
    { name: 'search', at: SearchHost },
    { name: 'cache', at: CacheHost },
    { name: 'queue', at: QueueHost ?? QueueTopic },
  ];
  const postgres =
    database === undefined
      ? { name: 'postgres', state: 'gone', detail: `there is no Cloud SQL instance ${instance ?? ''}` }
      : {
          name: 'postgres',
          state: database.state === 'RUNNABLE' ? 'running' : database.state.toLowerCase(),
          detail: `${database.version}, ${database.tier}${database.isHighlyAvailable ? ', with a standby' : ''}, ${database.storageGiB} GiB`,
        };
  return [
    ...(instance === undefined ? [] : [postgres]),
    ...others.flatMap(({ name, at }) => (at === undefined ? [] : [{ name, state: 'running', detail: at }])),
  ];
}

async function schedulesStatus(
  spec: AgentSpec,
  outputs: Readonly<Record<string, string>>,
  { gcp }: StageTools,
  signal: AbortSignal,
): Promise<readonly ScheduleStatus[]> {
  return await Promise.all(
    Object.entries(spec.schedules).map(async ([name, { cron }]) => {
      const job = outputs[scheduleJobOutput(name)];
      const runs = job === undefined ? [] : await gcp.jobs.executions(job, signal);
      const history = runs.slice(0, 20).map(runOf);
      const next = new Cron(cron, { timezone: 'UTC' }).nextRun()?.toISOString() ?? null;
      return { name, cron, next, lastRun: history[0] ?? null, history };
    }),
  );
}

/** How a run ended is known without asking for its task; with which code is not. */
function runOf({ name, createdAt, endedAt, condition, isCancelled }: ExecutionState): ScheduleRun {
  const isOver = condition.state !== 'unknown';
  return {
    id: name,
    at: createdAt ?? new Date(0).toISOString(),
    endedAt,
    state: !isOver ? 'running' : isCancelled ? 'stopped' : 'exited',
    exitCode: condition.state === 'true' ? 0 : isOver && !isCancelled ? 1 : null,
  };
}

async function backupsStatus(
  instance: string | undefined,
  { gcp }: StageTools,
  signal: AbortSignal,
): Promise<StageStatus['backups']> {
  if (instance === undefined) return null;
  const [newest] = (await gcp.database.backups(instance, signal)).filter(({ status }) => status === 'SUCCESSFUL');
  if (newest === undefined) return { last: null, next: null, problem: null };
  const { id, createdAt, reason } = backupOf(newest, 0);
  const last = { id, createdAt, reason };
  return { last, next: null, problem: null };
}

/** The newest release that came up. */
export function latestRelease(
  records: readonly ReleaseRecord[],
): { readonly id: string; readonly spec: AgentSpec } | undefined {
  const record = lastReleased(records);
  return record === undefined ? undefined : { id: record.id, spec: recordedRelease(record).request.spec };
}

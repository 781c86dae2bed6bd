import { Cron } from 'croner';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import type { StackKind } from '../../../stacks/aws/naming.js';
import { scheduleTaskDefinitionOutput, serviceNameOutput } from '../../../stacks/aws/outputs.js';
import { lastReleased, type ReleaseRecord } from '../../ledger/release-record.js';
import { rolloutStageText } from '../../tools/aws/services/rollout-stage.js';
import type { ServiceState } from '../../tools/aws/services/service-tools.js';
import type { StackState } from '../../tools/aws/stacks/stack-tools.js';
import type { TaskState } from '../../tools/aws/tasks/task-tools.js';
import type { BackingStatus, ScheduleRun, ScheduleStatus, ServiceStatus, StageStatus } from '../status.js';
import type { StageTools } from './open-stage-tools.js';
import { recordedRequest } from './recorded-release.js';
import { hasServed, servingRecord } from './serving-release.js';
import { backupOf } from './stage-backups.js';
import { stackStates } from './stage-facts.js';

const nothing = { url: null, release: null, services: [], backing: [], schedules: [], backups: null } as const;

/** What runs of a stage, in the words that every target's status has. */
export async function stageStatus(
  scope: { readonly name: string; readonly stage: string },
  tools: StageTools,
  signal: AbortSignal,
): Promise<StageStatus> {
  const [records, stacks] = await Promise.all([tools.ledger.list(), stackStates(scope, tools, signal)]);
  const record = servingRecord({ records, stacks });
  const { foundation, service } = stacks;
  const note = stackNote(stacks);
  if (foundation === undefined || !hasServed(service) || service === undefined) {
    const isLeft = foundation !== undefined;
    const backing = isLeft ? await backingStatus(foundation, tools, signal) : [];
    return { state: 'not-deployed', ...note, ...nothing, backing };
  }
  const spec = record === undefined ? undefined : recordedRequest(record).spec;
  const cluster = foundation.outputs['ClusterName'] ?? '';
  const [services, backing, schedules, backups, alarms] = await Promise.all([
    servicesStatus(cluster, service, spec, record, tools, signal),
    backingStatus(foundation, tools, signal),
    schedulesStatus(cluster, service, spec, tools, signal),
    backupsStatus(foundation, tools, signal),
    tools.aws.checks.firingAlarms(`${scope.name}-${scope.stage}-`, signal),
  ]);
  const well =
    services.every(({ ready, desired, note: problem }) => ready >= desired && problem === '') &&
    backing.every(({ state }) => state === 'running') &&
    alarms.length === 0;
  return {
    state: well ? 'running' : 'degraded',
    ...note,
    url: foundation.outputs['Url'] ?? null,
    release: record?.id ?? lastReleased(records)?.id ?? null,
    services,
    backing,
    schedules,
    backups,
    alarms,
  };
}

/** What CloudFormation is at, or where it is stuck. */
function stackNote(stacks: Partial<Record<StackKind, StackState>>): Pick<StageStatus, 'note'> {
  const odd = Object.values(stacks).filter(
    ({ status }) => !['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status),
  );
  return odd.length === 0 ? {} : { note: odd.map(({ name, status }) => `${name} is ${status}`).join(', ') };
}

async function servicesStatus(
  cluster: string,
  { outputs }: StackState,
  spec: AgentSpec | undefined,
  record: ReleaseRecord | undefined,
  tools: StageTools,
  signal: AbortSignal,
): Promise<readonly ServiceStatus[]> {
  const names = Object.keys(spec?.services ?? {});
  const known = names.flatMap((name) => {
    const ecsName = outputs[serviceNameOutput(name)];
    return ecsName === undefined ? [] : [{ name, ecsName }];
  });
  const states = await tools.aws.services.states(
    cluster,
    known.map(({ ecsName }) => ecsName),
    signal,
  );
  return await Promise.all(
    known.map(async ({ name, ecsName }) => {
      const state = states.find((one) => one.name === ecsName);
      // Rolling services have one target group, and no stages.
      const isShifting = state !== undefined && state.targetGroups.length > 1 && isRolling(state);
      const [rollout] = isShifting ? await tools.aws.services.rollouts(cluster, ecsName, signal) : [];
      return serviceStatus(name, state, record, rollout?.stage ?? null);
    }),
  );
}

function isRolling({ deployments: [newest] }: ServiceState): boolean {
  return newest?.rolloutState === 'IN_PROGRESS';
}

function serviceStatus(
  name: string,
  state: ServiceState | undefined,
  record: ReleaseRecord | undefined,
  stage: string | null,
): ServiceStatus {
  const digest = record?.digests[name] ?? null;
  if (state === undefined) return { name, digest, ready: 0, desired: 0, restarts: 0, note: 'it is gone' };
  const failed = state.deployments.reduce((sum, deployment) => sum + deployment.failed, 0);
  const [newest] = state.deployments;
  const rolling = `rolling out${stage === null ? '' : `: ${rolloutStageText(stage)}`}`;
  const isShort = state.running < state.desired;
  const event = isShort ? (state.events[0]?.message ?? '') : '';
  const note =
    newest?.rolloutState === 'FAILED' ? (newest.reason ?? 'its rollout failed') : isRolling(state) ? rolling : event;
  return { name, digest, ready: state.running, desired: state.desired, restarts: failed, note };
}

async function backingStatus(
  { outputs }: StackState,
  { aws }: Pick<StageTools, 'aws'>,
  signal: AbortSignal,
): Promise<readonly BackingStatus[]> {
  const { PostgresInstanceId: instance, SearchEndpoint, CacheHost, QueueHost, QueueUrl, BrokerEndpoint } = outputs;
  const database = instance === undefined ? undefined : await aws.database.state(instance, signal);
  const others = [
    { name: 'search', at: SearchEndpoint },
    { name: 'cache', at: CacheHost },
    { name: 'queue', at: QueueHost ?? BrokerEndpoint ?? QueueUrl },
  ];
  return [
    ...(instance === undefined
      ? []
      : [
          database === undefined
            ? { name: 'postgres', state: 'gone', detail: `there is no RDS instance ${instance}` }
            : {
                name: 'postgres',
                state: usableStates.has(database.status) ? 'running' : database.status,
                detail: `PostgreSQL ${database.engineVersion}, ${database.instanceClass}${database.isMultiAz ? ', Multi-AZ' : ''}, ${database.storageGiB} GiB, ${database.host ?? instance}`,
              },
        ]),
    ...others.flatMap(({ name, at }) => (at === undefined ? [] : [{ name, state: 'running', detail: at }])),
  ];
}

/** Statuses in which a database serves (RDS user guide, "Viewing DB instance status"). */
const usableStates: ReadonlySet<string> = new Set([
  'available',
  'backing-up',
  'configuring-enhanced-monitoring',
  'configuring-log-exports',
  'modifying',
  'storage-optimization',
]);

async function schedulesStatus(
  cluster: string,
  { outputs }: StackState,
  spec: AgentSpec | undefined,
  { aws }: Pick<StageTools, 'aws'>,
  signal: AbortSignal,
): Promise<readonly ScheduleStatus[]> {
  return await Promise.all(
    Object.entries(spec?.schedules ?? {}).map(async ([name, { cron }]) => {
      const family = /task-definition\/([^:]+)/.exec(outputs[scheduleTaskDefinitionOutput(name)] ?? '')?.[1];
      const tasks = family === undefined ? [] : await aws.tasks.ofFamily(cluster, family, signal);
      const history = tasks.slice(0, 20).map(runOf);
      const next = new Cron(cron, { timezone: 'UTC' }).nextRun()?.toISOString() ?? null;
      return { name, cron, next, lastRun: history[0] ?? null, history };
    }),
  );
}

function runOf({ id, createdAt, stoppedAt, status, stopCode, exitCode }: TaskState): ScheduleRun {
  const ended = stopCode === 'UserInitiated' ? 'stopped' : exitCode === null ? 'lost' : 'exited';
  return {
    id,
    at: createdAt ?? new Date(0).toISOString(),
    endedAt: stoppedAt,
    state: status === 'STOPPED' ? ended : 'running',
    exitCode: status === 'STOPPED' ? exitCode : null,
  };
}

async function backupsStatus(
  { outputs }: StackState,
  { aws }: Pick<StageTools, 'aws'>,
  signal: AbortSignal,
): Promise<StageStatus['backups']> {
  const instance = outputs['PostgresInstanceId'];
  if (instance === undefined) return null;
  const [newest] = (await aws.database.snapshots(instance, signal)).filter(({ status }) => status === 'available');
  const last = newest === undefined ? null : backupOf(newest);
  return { last: last && { id: last.id, createdAt: last.createdAt, reason: last.reason }, next: null, problem: null };
}

import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import { lastReleased, nextReleaseId, type ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder, StepList } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { type DeferredInputs, outputOf, type OutputReference, type StepHandle } from '../../plan/reference.js';
import { buildArtifact } from '../../steps/local/build-artifact.js';
import { drainRelease } from '../../steps/local/drain-release.js';
import { provisionPostgres } from '../../steps/local/provision-postgres.js';
import { provisionRedis } from '../../steps/local/provision-redis.js';
import { pruneArtifacts } from '../../steps/local/prune-artifacts.js';
import { recordRelease } from '../../steps/local/record-release.js';
import { removeRelease } from '../../steps/local/remove-release.js';
import { returnTraffic } from '../../steps/local/return-traffic.js';
import { runMigration } from '../../steps/local/run-migration.js';
import { startRelease } from '../../steps/local/start-release.js';
import { switchTraffic } from '../../steps/local/switch-traffic.js';
import { verifyRelease } from '../../steps/local/verify-release.js';
import { releaseManifest } from '../../supervisor/protocol.js';
import { artifactsToPrune } from './artifacts-to-prune.js';
import type { LocalFacts } from './local-facts.js';
import { type NewRecord, newRecord } from './new-record.js';
import { type Artifacts, artifactOf, contentHash, manifestOf } from './release-manifest.js';
import { checksOf } from './verification-checks.js';

/** What a plan is made from. */
export interface PlanDeployOptions {
  readonly processes: ProcessPlan;
  readonly facts: LocalFacts;
  readonly specHash: string;
}

/** Pure: how to get from what runs to what the spec says; when nothing differs, only how to prove it. */
export function planDeploy({ processes, facts, specHash }: PlanDeployOptions): Plan {
  const previous = previousRecord(facts);
  const content = contentHash(processes, facts.digests, facts.secretsVersion);
  const header = {
    action: 'deploy',
    runId: facts.runId,
    madeAt: facts.now,
    target: 'local',
    stage: processes.stage,
    name: processes.name,
    specHash,
    base: { release: facts.running?.servingRelease ?? null },
  } as const;

  const builder = new PlanBuilder();
  if (previous?.contentHash === content && previous.id === facts.running?.servingRelease) {
    builder.add('verify', verifyRelease, {
      release: previous.id,
      checks: checksOf(processes.services),
      bakeSeconds: 0,
    });
    return builder.build({ ...header, release: null });
  }
  // A deploy that was killed may have left a release that no record knows.
  const id = nextReleaseId([...facts.records, ...(facts.running?.releases ?? [])]);
  addRelease(builder, {
    id,
    processes,
    facts,
    previous,
    record: newRecord(id, processes, facts, { specHash, content }),
  });
  return builder.build({ ...header, release: id });
}

/** What to return to: the newest release that was proven, unless nothing serves at all. */
function previousRecord({ records, running }: LocalFacts): ReleaseRecord | undefined {
  return running === undefined || running.servingRelease === null ? undefined : lastReleased(records);
}

interface ReleaseOptions {
  readonly id: string;
  readonly processes: ProcessPlan;
  readonly facts: LocalFacts;
  readonly previous: ReleaseRecord | undefined;
  readonly record: NewRecord;
}

function addRelease(builder: PlanBuilder, { id, processes, facts, previous, record }: ReleaseOptions): void {
  const artifacts = addBuilds(builder, processes, facts);
  const data = addData(builder, processes);
  const migrations = addMigrations(builder, { id, processes, facts, artifacts, after: data });

  const manifest = manifestOf(processes, id, artifacts);
  const start = builder.add('start', startRelease, manifest, { after: [...data, ...migrations] });
  const { gatewayPort: port } = processes;
  const traffic = { release: id, ...(port === undefined ? {} : { port }) };
  const switched = builder.add('switch', switchTraffic, traffic, { after: [start] });
  const checks = checksOf(processes.services);
  const verified = builder.add(
    'verify',
    verifyRelease,
    { release: id, checks, bakeSeconds: processes.bakeSeconds },
    { after: [switched] },
  );
  const recorded = builder.add(
    'record',
    recordRelease,
    { ...record, outcome: 'released', manifest },
    { after: [verified] },
  );
  const drains = releasesToDrain(facts, id).map((old) =>
    builder.add(`drain-${old}`, drainRelease, { release: old }, { after: [recorded] }),
  );
  const unneeded = artifactsToPrune(facts, Object.values(facts.digests));
  if (unneeded.length > 0)
    builder.add('prune', pruneArtifacts, { digests: unneeded }, { after: [recorded, ...drains] });

  builder.recover([start, switched, verified], previous?.id ?? null, recoverySteps(id, previous, record));
}

function addBuilds(
  builder: PlanBuilder,
  { contexts }: ProcessPlan,
  { digests }: LocalFacts,
): Artifacts<OutputReference<string>> {
  const entries = Object.entries(contexts).map(([context, { build }], index) => {
    const digest = digests[context] ?? '';
    const inputs = { context, build: build.map((argv) => [...argv]), digest };
    const handle = builder.add(index === 0 ? 'build' : `build-${index + 1}`, buildArtifact, inputs);
    return [context, { digest, directory: outputOf(handle, 'directory') }] as const;
  });
  return Object.fromEntries(entries);
}

function addData(builder: PlanBuilder, { postgres, redis }: ProcessPlan): readonly StepHandle<unknown>[] {
  const handles: StepHandle<unknown>[] = [];
  if (postgres !== undefined) {
    const { database, user, extensions, port } = postgres;
    const request = { database, user, extensions: [...extensions], ...(port === undefined ? {} : { port }) };
    handles.push(builder.add('postgres', provisionPostgres, request));
  }
  if (redis) handles.push(builder.add('redis', provisionRedis, {}));
  return handles;
}

interface MigrationOptions {
  readonly id: string;
  readonly processes: ProcessPlan;
  readonly facts: LocalFacts;
  readonly artifacts: Artifacts<OutputReference<string>>;
  readonly after: readonly StepHandle<unknown>[];
}

/** One after the other: each waits for the one before. */
function addMigrations(
  builder: PlanBuilder,
  { id, processes, facts, artifacts, after }: MigrationOptions,
): readonly StepHandle<unknown>[] {
  let previous = after;
  for (const migration of processes.migrations) {
    const task: DeferredInputs<Parameters<typeof runMigration.run>[0]>['task'] = {
      id: `${facts.runId}-${migration.name}`,
      release: id,
      artifact: artifactOf(artifacts, migration),
      command: [...migration.command],
      env: { ...migration.env },
      timeoutSeconds: migration.timeoutSeconds,
    };
    const inputs = { name: migration.name, task };
    previous = [builder.add(`migration-${migration.name}`, runMigration, inputs, { after: previous })];
  }
  return previous;
}

/** What is still there of other releases: the one that serves until the switch, and any that a crash left behind. */
function releasesToDrain({ running }: LocalFacts, id: string): readonly string[] {
  return (running?.releases ?? [])
    .filter((release) => release.id !== id && release.state !== 'stopped')
    .map((release) => release.id);
}

function recoverySteps(id: string, previous: ReleaseRecord | undefined, record: NewRecord): StepList {
  const list = new StepList();
  const back =
    previous === undefined
      ? []
      : [list.add('return', returnTraffic, { manifest: releaseManifest.parse(previous.manifest) })];
  const removed = list.add('remove', removeRelease, { release: id }, { after: back });
  const outcome = previous === undefined ? 'failed' : 'rolled-back';
  list.add('record-failure', recordRelease, { ...record, outcome, manifest: null }, { after: [removed] });
  return list;
}

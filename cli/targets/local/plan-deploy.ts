import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import { lastReleased, nextReleaseId, type ReleaseRecord, sameContent } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { type DeferredInputs, outputOf, type OutputReference, type StepHandle } from '../../plan/reference.js';
import { buildArtifact } from '../../steps/local/build-artifact.js';
import { provisionPostgres } from '../../steps/local/provision-postgres.js';
import { provisionRedis } from '../../steps/local/provision-redis.js';
import { runMigration } from '../../steps/local/run-migration.js';
import { verifyRelease } from '../../steps/local/verify-release.js';
import type { LocalFacts, StageFacts } from './local-facts.js';
import { newRecord } from './new-record.js';
import { addRollout } from './plan-rollout.js';
import { type Artifacts, artifactOf, manifestOf } from './release-manifest.js';
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
  const id = newReleaseId(facts);
  const record = newRecord(id, processes, facts, specHash);
  if (previous?.id === facts.running?.servingRelease && previous !== undefined && sameContent(previous, record)) {
    builder.add('verify', verifyRelease, {
      release: previous.id,
      checks: checksOf(processes.services),
      bakeSeconds: 0,
    });
    return builder.build({ ...header, release: null });
  }
  const artifacts = addBuilds(builder, processes, facts);
  const data = addData(builder, processes);
  const migrations = addMigrations(builder, { release: id, processes, facts, artifacts, after: data });
  addRollout(builder, {
    facts,
    manifest: manifestOf(processes, id, artifacts),
    services: processes.services,
    gatewayPort: processes.gatewayPort,
    bakeSeconds: processes.bakeSeconds,
    record,
    previous,
    after: [...data, ...migrations],
  });
  return builder.build({ ...header, release: id });
}

/** A deploy that was killed may have left a release that no record knows. */
export function newReleaseId({ records, damaged, running }: StageFacts): string {
  return nextReleaseId([...records, ...damaged, ...(running?.releases ?? [])]);
}

/** What to return to: the newest release that was proven, unless nothing serves at all. */
export function previousRecord({ records, running }: StageFacts): ReleaseRecord | undefined {
  return running === undefined || running.servingRelease === null ? undefined : lastReleased(records);
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
  readonly release: string;
  readonly processes: ProcessPlan;
  readonly facts: LocalFacts;
  readonly artifacts: Artifacts<OutputReference<string>>;
  readonly after: readonly StepHandle<unknown>[];
}

/** One after the other: each waits for the one before. */
function addMigrations(
  builder: PlanBuilder,
  { release, processes, facts, artifacts, after }: MigrationOptions,
): readonly StepHandle<unknown>[] {
  let previous = after;
  for (const migration of processes.migrations) {
    const task: DeferredInputs<Parameters<typeof runMigration.run>[0]>['task'] = {
      id: `${facts.runId}-${migration.name}`,
      release,
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

import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import { lastReleased, nextReleaseId, type ReleaseRecord, sameContent } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { verifyRelease } from '../../steps/local/verify-release.js';
import type { LocalFacts, StageFacts } from './local-facts.js';
import { type NewRecord, newRecord } from './new-record.js';
import { addBuilds, type Builds } from './add-builds.js';
import { addMigratedData, postgresRequestOf } from './migrated-data.js';
import { addDrains, addRollout, type RolloutOptions } from './plan-rollout.js';
import { manifestOf } from './release-manifest.js';
import { checksOf } from './verification-checks.js';

/** What a plan is made from. */
export interface PlanDeployOptions {
  readonly processes: StagePlan;
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
    const verified = builder.add('verify', verifyRelease, {
      release: previous.id,
      checks: checksOf(processes.services),
      bakeSeconds: 0,
    });
    // Of a deploy that was killed after its release was recorded.
    addDrains(builder, facts, previous.id, verified);
    return builder.build({ ...header, release: null });
  }
  const { artifacts, digests } = addBuilds(builder, processes, facts, id);
  const after = addMigratedData(builder, { release: id, processes, facts, artifacts });
  addRollout(builder, {
    facts,
    manifest: manifestOf(processes, id, artifacts),
    services: processes.services,
    postgres: postgresRequestOf(processes),
    gatewayPort: processes.gatewayPort,
    bakeSeconds: processes.bakeSeconds,
    record,
    digests: resolvedDigests(processes, record, digests),
    previous,
    after,
  });
  return builder.build({ ...header, release: id });
}

/** Digest per service, schedule and migration: what the registry says, where only that is known when it is built. */
function resolvedDigests(
  { services, schedules, migrations }: StagePlan,
  { digests }: NewRecord,
  bySource: Builds['digests'],
): RolloutOptions['digests'] {
  const entries = [...services, ...schedules, ...migrations].flatMap(({ name, source }) => {
    const digest = bySource[source];
    return digest === undefined ? [] : [[name, digest] as const];
  });
  return { ...digests, ...Object.fromEntries(entries) };
}

/** A deploy that was killed may have left a release that no record knows. */
export function newReleaseId({ records, damaged, running }: StageFacts): string {
  return nextReleaseId([...records, ...damaged, ...(running?.releases ?? [])]);
}

/** What to return to: the newest release that was proven, unless nothing serves at all. */
export function previousRecord({ records, running }: StageFacts): ReleaseRecord | undefined {
  return running === undefined || running.servingRelease === null ? undefined : lastReleased(records);
}

import type { ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { forgetSecret } from '../../steps/local/forget-secret.js';
import { promoteSecret } from '../../steps/local/promote-secret.js';
import { verifyRelease } from '../../steps/local/verify-release.js';
import type { StageFacts } from './local-facts.js';
import { newReleaseId, previousRecord } from './plan-deploy.js';
import { addDrains, addRollout } from './plan-rollout.js';
import { recordedReleaseOf } from './recorded-release.js';
import { checksOf } from './verification-checks.js';

export interface PlanReissueOptions {
  readonly facts: StageFacts;
  readonly name: string;
  readonly stage: string;
  /** Its content runs again, under a new id. */
  readonly record: ReleaseRecord;
  /** A rotation brings the staged value of this secret into use. @default - a rollback */
  readonly secret?: string;
}

/** Pure: how to run a recorded release again, from its artifacts alone. A release that serves already is only proven. */
export function planReissue({ facts, name, stage, record, secret }: PlanReissueOptions): Plan {
  const action = secret === undefined ? 'rollback' : 'rotate';
  const previous = previousRecord(facts);
  const recorded = recordedReleaseOf(record);
  const services = recorded.manifest.services.map((service) => ({ ...service, ...service.health }));
  const header = {
    action,
    runId: facts.runId,
    madeAt: facts.now,
    target: 'local',
    stage,
    name,
    specHash: record.specHash,
    base: { release: facts.running?.servingRelease ?? null },
  } as const;

  const builder = new PlanBuilder();
  if (secret === undefined && previous?.origin === record.origin && previous.id === facts.running?.servingRelease) {
    const checks = checksOf(services);
    const verified = builder.add('verify', verifyRelease, { release: previous.id, checks, bakeSeconds: 0 });
    addDrains(builder, facts, previous.id, verified);
    return builder.build({ ...header, release: null });
  }

  const id = newReleaseId(facts);
  const promoted = secret === undefined ? [] : [builder.add('promote', promoteSecret, { name: secret })];
  const recordStep = addRollout(builder, {
    facts,
    manifest: { ...recorded.manifest, id },
    services,
    postgres: recorded.postgres,
    gatewayPort: recorded.gatewayPort,
    bakeSeconds: recorded.bakeSeconds,
    record: {
      ...record,
      id,
      action,
      name,
      createdAt: facts.now,
      by: { user: facts.user, host: facts.host },
      migrations: [],
      schema: { before: facts.schema },
      secrets: currentVersions(record, facts),
    },
    previous,
    after: promoted,
    ...(secret === undefined ? {} : { rotatedSecret: secret }),
  });
  if (secret !== undefined) builder.add('forget', forgetSecret, { name: secret }, { after: [recordStep] });
  return builder.build({ ...header, release: id });
}

/** Processes start with the values of now, whatever they were when the release was made. */
function currentVersions({ secrets }: ReleaseRecord, { secretVersions }: StageFacts): ReleaseRecord['secrets'] {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, secretVersions[name] ?? 'unknown']));
}

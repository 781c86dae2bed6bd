import { outputsUsedBy } from '../../../stacks/aws/environment.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { outputOf, type StepHandle } from '../../plan/reference.js';
import { changePassword } from '../../steps/aws/change-password.js';
import { composeSecrets } from '../../steps/aws/compose-secrets.js';
import { promoteSecret } from '../../steps/aws/promote-secret.js';
import { verifyRelease } from '../../steps/aws/verify-release.js';
import { addPooler, addSettling } from './add-password-steps.js';
import type { AwsStageFacts } from './aws-facts.js';
import { assertPartsAreThere } from '../assert-parts-are-there.js';
import { knownSchema } from '../new-record.js';
import { addRollout, type RotatedVersion, servicesOf } from './plan-rollout.js';
import { recordedRequest } from './recorded-release.js';
import { newReleaseId, servingRecord } from './serving-release.js';
import { recordedVersions, usedSecrets } from './used-secrets.js';

export interface PlanReissueOptions {
  readonly facts: AwsStageFacts;
  /** Its content runs again, under a new id. */
  readonly record: ReleaseRecord;
  /** A rotation brings this version of a secret into use. @default - a rollback */
  readonly rotated?: RotatedVersion;
}

/**
 * Pure: how to run a recorded release again, on the foundation as it is. A release that serves already is only proven.
 *
 * @throws Refused: it uses a part that was taken away since
 */
export function planReissue({ facts, record, rotated }: PlanReissueOptions): Plan {
  const { scope } = facts;
  const previous = servingRecord(facts);
  const foundation = { ...facts.stacks.foundation?.outputs };
  const recorded = recordedRequest(record);
  const header = {
    action: rotated === undefined ? 'rollback' : 'rotate',
    runId: facts.runId,
    madeAt: facts.now,
    target: 'aws',
    stage: scope.stage,
    name: scope.name,
    specHash: record.specHash,
    base: { release: previous?.id ?? null },
  } as const;
  const builder = new PlanBuilder();
  if (rotated === undefined && previous?.origin === record.origin) {
    builder.add('verify', verifyRelease, {
      release: previous.id,
      services: servicesOf(recorded.spec, recorded.images),
      foundation,
      service: { ...facts.stacks.service?.outputs },
      withinSeconds: 60,
    });
    return builder.build({ ...header, release: null });
  }

  const release = newReleaseId(facts);
  const request = { ...recorded, release };
  assertPartsAreThere(record.id, outputsUsedBy(request), foundation);
  const hasPooler = foundation['PoolerServiceName'] !== undefined;
  const promoted = addPromotion(builder, facts, rotated);
  const pooled = hasPooler ? [addPooler(builder, { facts, foundation, after: promoted })] : [];
  const { composed, userSecrets, parts } = usedSecrets(request);
  const compose = builder.add(
    'compose',
    composeSecrets,
    { scope, composed: [...composed], userSecrets: [...userSecrets], parts: [...parts], outputs: foundation },
    { after: [...promoted, ...pooled] },
  );
  addRollout(builder, {
    facts,
    request: { ...request, secretsMarker: outputOf(compose, 'marker') },
    foundation,
    record: {
      ...record,
      id: release,
      action: header.action,
      createdAt: facts.now,
      by: { user: facts.user, host: facts.host },
      migrations: [],
      schema: { before: knownSchema(facts) },
      secrets: {
        ...recordedVersions(request, facts),
        ...(rotated === undefined || rotated.instance !== undefined ? {} : { [rotated.secret]: rotated.version }),
      },
    },
    revisions: [],
    previous,
    after: [compose],
    hasPooler,
    ...(rotated === undefined ? {} : { rotated, undone: [...promoted, ...pooled, compose] }),
  });
  return builder.build({ ...header, release });
}

/** Brings a new value into use; without one, sees to it that no other is half in use. */
function addPromotion(
  builder: PlanBuilder,
  facts: AwsStageFacts,
  rotated: RotatedVersion | undefined,
): readonly StepHandle<unknown>[] {
  if (rotated === undefined) return addSettling(builder, facts);
  const { instance, ...version } = rotated;
  if (instance !== undefined) return [builder.add('promote', changePassword, { ...version, instance })];
  return [builder.add('promote', promoteSecret, version, { after: addSettling(builder, facts) })];
}

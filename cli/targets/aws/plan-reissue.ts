import type { ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { outputOf } from '../../plan/reference.js';
import { composeSecrets } from '../../steps/aws/compose-secrets.js';
import { promoteSecret } from '../../steps/aws/promote-secret.js';
import { verifyRelease } from '../../steps/aws/verify-release.js';
import type { AwsStageFacts } from './aws-facts.js';
import { knownSchema } from './new-record.js';
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

/** Pure: how to run a recorded release again, on the foundation as it is. A release that serves already is only proven. */
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
  const promoted = rotated === undefined ? [] : [builder.add('promote', promoteSecret, rotated)];
  const { composed, userSecrets, parts } = usedSecrets(request);
  const compose = builder.add(
    'compose',
    composeSecrets,
    { scope, composed: [...composed], userSecrets: [...userSecrets], parts: [...parts], outputs: foundation },
    { after: promoted },
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
        ...(rotated === undefined ? {} : { [rotated.secret]: rotated.version }),
      },
    },
    revisions: [],
    previous,
    after: [compose],
    ...(rotated === undefined ? {} : { rotated, undone: [...promoted, compose] }),
  });
  return builder.build({ ...header, release });
}

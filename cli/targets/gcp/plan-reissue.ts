import { outputsUsedBy } from '../../../stacks/gcp/environment.js';
import { generatedSecretName } from '../../../stacks/gcp/naming.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { outputOf, type StepHandle } from '../../plan/reference.js';
import { changePassword } from '../../steps/gcp/change-password.js';
import { composeSecrets } from '../../steps/gcp/compose-secrets.js';
import { promoteSecret } from '../../steps/gcp/promote-secret.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import { returnTraffic } from '../../steps/gcp/return-traffic.js';
import { verifyRelease } from '../../steps/gcp/verify-release.js';
import { assertPartsAreThere } from '../assert-parts-are-there.js';
import { knownSchema } from '../new-record.js';
import { addClearing } from './add-removals.js';
import { addSettling, databaseSecret } from './add-settling.js';
import type { GcpStageFacts } from './gcp-facts.js';
import { addRollout, type RotatedSecretVersion } from './plan-rollout.js';
import { newReleaseId, recordedRelease, servingRecord } from './recorded-release.js';
import { checkedServices, runServices } from './stage-services.js';
import { usedSecretNames, usedSecrets } from './used-secrets.js';

export interface PlanReissueOptions {
  readonly facts: GcpStageFacts;
  /** Its content runs again, under a new id. */
  readonly record: ReleaseRecord;
  /** Whether its revisions are there still, so that they can have the traffic at once. */
  readonly hasRevisions: boolean;
  /**
   * A rotation: the release gets the newest versions of its secrets.
   *
   * @default - a rollback, with the versions it had, unless the password of the database is another one since
   */
  readonly rotated?: RotatedSecretVersion;
}

/**
 * Pure: how to run a recorded release again, on the foundation as it is. Its own revisions get the traffic at once, then
 * those of the new release, which are the same. A release that serves already is only proven.
 *
 * @throws Refused: it uses a part that was taken away since
 */
export function planReissue({ facts, record, hasRevisions, rotated }: PlanReissueOptions): Plan {
  const { scope } = facts;
  const previous = servingRecord(facts);
  const foundation = { ...facts.outputs.foundation };
  const { request: recorded, revisions } = recordedRelease(record);
  const header = {
    action: rotated === undefined ? 'rollback' : 'rotate',
    runId: facts.runId,
    madeAt: facts.now,
    target: 'gcp',
    stage: scope.stage,
    name: scope.name,
    specHash: record.specHash,
    base: { release: previous?.id ?? null },
  } as const;
  const builder = new PlanBuilder();
  if (rotated === undefined && previous?.origin === record.origin) {
    const services = checkedServices(recorded.spec, scope, recorded.images);
    const serving = recordedRelease(previous).revisions;
    builder.add('verify', verifyRelease, {
      release: previous.id,
      services,
      revisions: serving,
      foundation,
      withinSeconds: 60,
    });
    return builder.build({ ...header, release: null });
  }

  const release = newReleaseId(facts);
  assertPartsAreThere(record.id, outputsUsedBy({ ...recorded, release }), foundation);
  const services = runServices(recorded.spec, scope);
  // The database has another password than its revisions: they would not come up.
  const isOutdated = previous !== undefined && passwordOf(previous, scope) !== passwordOf(record, scope);
  const returned =
    rotated === undefined && hasRevisions && !isOutdated
      ? [builder.add('return', returnTraffic, { release: record.id, services, revisions })]
      : [];
  const promoted = addPromotion(builder, facts, rotated);
  const { composed, userSecrets, parts, madeByMemorystore } = usedSecrets({ ...recorded, release });
  const compose =
    rotated === undefined && !isOutdated
      ? undefined
      : builder.add(
          'compose',
          composeSecrets,
          {
            scope,
            composed: [...composed],
            userSecrets: [...userSecrets],
            parts: [...parts],
            madeByMemorystore: { ...madeByMemorystore },
            outputs: foundation,
          },
          { after: promoted },
        );
  const request = {
    ...recorded,
    release,
    secretVersions: compose === undefined ? recorded.secretVersions : outputOf(compose, 'versions'),
  };
  const rolledOut = addRollout(builder, {
    facts,
    request,
    foundation,
    record: {
      ...record,
      id: release,
      action: header.action,
      createdAt: facts.now,
      by: { user: facts.user, host: facts.host },
      migrations: [],
      schema: { before: knownSchema(facts) },
    },
    schemas: [],
    previous,
    after: compose === undefined ? [...promoted, ...returned] : [compose],
    isKnown: true,
    undone: compose === undefined ? returned : [...(rotated === undefined ? [] : promoted), compose],
    ...(rotated === undefined ? {} : { rotated }),
  });
  const before = previous && recordedRelease(previous).request;
  if (before !== undefined && !hasAllParts({ ...recorded, release }, before))
    addClearing(builder, before, request, rolledOut);
  return builder.build({ ...header, release });
}

/** Whether a release has whatever another one runs or may read; what else it has no more goes with the next deploy. */
function hasAllParts(now: StageRequest, before: StageRequest): boolean {
  const parts = new Set(partsOf(now));
  return partsOf(before).every((part) => parts.has(part));
}

function partsOf(request: StageRequest): readonly string[] {
  const { services, schedules } = request.spec;
  const kinds = Object.entries(services).map(([name, { port, routes }]) => {
    const kind = port === undefined ? 'worker' : routes.length > 0 ? 'public' : 'internal';
    return `${kind} ${name}`;
  });
  return [...kinds, ...Object.keys(schedules).map((name) => `schedule ${name}`), ...usedSecretNames(request)];
}

/** Version of the secret that a release knows the password of the database from. */
function passwordOf(record: ReleaseRecord, scope: GcpStageFacts['scope']): string | undefined {
  return recordedRelease(record).request.secretVersions[generatedSecretName(scope, databaseSecret)];
}

/** Brings a new value into use; unless it is the password of the database, sees to it that no other one is half in use. */
function addPromotion(
  builder: PlanBuilder,
  facts: GcpStageFacts,
  rotated: RotatedSecretVersion | undefined,
): readonly StepHandle<unknown>[] {
  if (rotated === undefined) return addSettling(builder, facts);
  const { secret, name, before, instance } = rotated;
  const last = facts.lastVersions.get(name) ?? before;
  if (instance !== undefined)
    return [builder.add('promote', changePassword, { scope: { ...facts.scope }, instance, last })];
  return [builder.add('promote', promoteSecret, { secret, name, last }, { after: addSettling(builder, facts) })];
}

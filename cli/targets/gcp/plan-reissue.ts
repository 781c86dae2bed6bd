import { outputsUsedBy } from '../../../stacks/gcp/environment.js';
import { AgentctlError } from '../../errors.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { outputOf } from '../../plan/reference.js';
import { composeSecrets } from '../../steps/gcp/compose-secrets.js';
import { returnTraffic } from '../../steps/gcp/return-traffic.js';
import { verifyRelease } from '../../steps/gcp/verify-release.js';
import { knownSchema } from '../new-record.js';
import type { GcpStageFacts } from './gcp-facts.js';
import { addRollout, type RotatedSecretVersion } from './plan-rollout.js';
import { newReleaseId, recordedRelease, servingRecord } from './recorded-release.js';
import { checkedServices, runServices } from './stage-services.js';
import { usedSecrets } from './used-secrets.js';

export interface PlanReissueOptions {
  readonly facts: GcpStageFacts;
  /** Its content runs again, under a new id. */
  readonly record: ReleaseRecord;
  /** Whether its revisions are there still, so that they can have the traffic at once. */
  readonly hasRevisions: boolean;
  /** A rotation: the release gets the newest versions of its secrets. @default - a rollback, with the versions it had */
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
  const returned =
    rotated === undefined && hasRevisions
      ? [builder.add('return', returnTraffic, { release: record.id, services, revisions })]
      : [];
  const { composed, userSecrets, parts, madeByMemorystore } = usedSecrets({ ...recorded, release });
  const compose =
    rotated === undefined
      ? undefined
      : builder.add('compose', composeSecrets, {
          scope,
          composed: [...composed],
          userSecrets: [...userSecrets],
          parts: [...parts],
          madeByMemorystore: { ...madeByMemorystore },
          outputs: foundation,
        });
  addRollout(builder, {
    facts,
    request: {
      ...recorded,
      release,
      secretVersions: compose === undefined ? recorded.secretVersions : outputOf(compose, 'versions'),
    },
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
    after: compose === undefined ? returned : [compose],
    isKnown: true,
    undone: compose === undefined ? returned : [compose],
    ...(rotated === undefined ? {} : { rotated }),
  });
  return builder.build({ ...header, release });
}

function assertPartsAreThere(id: string, used: readonly string[], foundation: Readonly<Record<string, string>>): void {
  const missing = used.filter((output) => foundation[output] === undefined);
  if (missing.length === 0) return;
  throw new AgentctlError('Refused', `${id} uses ${missing.join(', ')}, which the foundation no longer has`, {
    fix: `check the source of ${id} out and deploy that: a deploy makes the parts it needs`,
    data: { release: id, missing },
  });
}

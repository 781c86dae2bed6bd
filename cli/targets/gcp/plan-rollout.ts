import { candidateHeader } from '../../../stacks/gcp/naming.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { type PlanBuilder, StepList } from '../../plan/plan-builder.js';
import { type Deferred, type DeferredInputs, ifKnown, outputOf, type StepHandle } from '../../plan/reference.js';
import { checkCandidate } from '../../steps/gcp/check-candidate.js';
import { deployConfiguration } from '../../steps/gcp/deploy-configuration.js';
import { disableVersions } from '../../steps/gcp/disable-versions.js';
import { holdTraffic } from '../../steps/gcp/hold-traffic.js';
import { removeServices } from '../../steps/gcp/remove-services.js';
import { restorePassword } from '../../steps/gcp/restore-password.js';
import { returnTraffic } from '../../steps/gcp/return-traffic.js';
import { shiftTraffic } from '../../steps/gcp/shift-traffic.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import { verifyRelease } from '../../steps/gcp/verify-release.js';
import { recordRelease } from '../../steps/releases/record-release.js';
import { type NewRecord, withKnownDigests } from '../new-record.js';
import type { GcpStageFacts } from './gcp-facts.js';
import { recordedRelease } from './recorded-release.js';
import { checkedServices, runServices } from './stage-services.js';
import { revisionsBefore } from './revisions-before.js';

/** A new address, its name and its certificate take their time. */
const provenWithinSeconds = 300;
/** The first share of the traffic that a new release gets. */
const firstPercent = 10;

/** What the configurations are synthesized from. Images and versions may still have to be made. */
export type DeferredRequest = DeferredInputs<StageRequest> & Pick<StageRequest, 'spec' | 'stage' | 'protect'>;

/** A secret whose new value comes into use, and goes out of use again when the release does not come up. */
export interface RotatedSecretVersion {
  readonly secret: string;
  /** In Secret Manager. */
  readonly name: string;
  /** The version before. */
  readonly before: string;
  /** Of Cloud SQL, when it is the password of the database. @default - a secret of the user */
  readonly instance?: string;
}

/** How a release replaces the one that serves. */
export interface RolloutOptions {
  readonly facts: GcpStageFacts;
  readonly request: DeferredRequest;
  /** Outputs of the foundation. */
  readonly foundation: Deferred<Record<string, string>>;
  readonly record: NewRecord;
  /** What its migrations say of the schema. */
  readonly schemas: readonly Deferred<string | null>[];
  /** What to return to; undefined when nothing serves. */
  readonly previous: ReleaseRecord | undefined;
  /** What has to be done first. */
  readonly after: readonly StepHandle<unknown>[];
  /** Whether what comes has served before: it gets all the traffic at once. @default false */
  readonly isKnown?: boolean;
  /** Steps whose effect the way back takes back as well. @default - none */
  readonly undone?: readonly StepHandle<unknown>[];
  /** @default - none */
  readonly rotated?: RotatedSecretVersion;
}

/** Make the revisions, look at them, give them the traffic, verify, record; and the way back. */
export function addRollout(builder: PlanBuilder, options: RolloutOptions): StepHandle<unknown> {
  const { facts, request, foundation, record, schemas, previous, after, undone = [] } = options;
  const { scope } = facts;
  const held = builder.add('hold', holdTraffic, { services: runServices(request.spec, scope) }, { after });
  // Revisions that still serve need what they have: their services, and the right to read their secrets.
  const before = previous === undefined ? null : { request: recordedRelease(previous).request, isDue: false };
  const inputs = { stack: 'service', request, allowReplace: [], leaving: before } as const;
  const service = builder.add('service', deployConfiguration, inputs, { after: [held] });
  const revisions = outputOf(service, 'outputs');
  const shifted = addShift(builder, options, service);
  const verified = builder.add(
    'verify',
    verifyRelease,
    {
      release: record.id,
      services: checkedServices(request.spec, scope, request.images),
      revisions,
      foundation,
      withinSeconds: provenWithinSeconds,
    },
    { after: shifted },
  );
  const recorded = builder.add(
    'record',
    recordRelease,
    { ...record, outcome: 'released', manifest: { request, revisions }, revisions: schemas },
    { after: [verified] },
  );
  const guarded = { when: [...undone, service, ...shifted, verified], until: recorded };
  builder.recover(guarded, previous?.id ?? null, wayBack(options));
  return recorded;
}

/** The first release serves as soon as it is there; any other is looked at before, and gets a share of the traffic first. */
function addShift(
  builder: PlanBuilder,
  { facts, request, foundation, record, previous, isKnown = false }: RolloutOptions,
  service: Parameters<typeof outputOf<{ outputs: Record<string, string> }, 'outputs'>>[0],
): readonly StepHandle<unknown>[] {
  const { scope, project, bakeSeconds } = facts;
  const services = checkedServices(request.spec, scope, request.images);
  const about = { release: record.id, services, revisions: outputOf(service, 'outputs'), foundation };
  const from = previous === undefined ? {} : revisionsBefore(previous, request.spec);
  const all = { ...about, from, percent: 100, bakeSeconds: 0 };
  if (previous === undefined) return [builder.add('pin', shiftTraffic, all)];
  const candidate = builder.add('candidate', checkCandidate, {
    ...about,
    header: candidateHeader(scope, project),
    withinSeconds: provenWithinSeconds,
  });
  if (isKnown) return [candidate, builder.add('shift', shiftTraffic, all, { after: [candidate] })];
  const first = { ...all, percent: firstPercent, bakeSeconds };
  const share = builder.add('share', shiftTraffic, first, { after: [candidate] });
  return [candidate, share, builder.add('shift', shiftTraffic, all, { after: [share] })];
}

function addRestoration(
  list: StepList,
  scope: GcpStageFacts['scope'],
  { instance, ...former }: RotatedSecretVersion,
): StepHandle<unknown> {
  if (instance === undefined) return list.add('restore-secret', disableVersions, former);
  return list.add('restore-password', restorePassword, { scope: { ...scope }, instance, before: former.before });
}

function wayBack(options: RolloutOptions): StepList {
  const { facts, request, foundation, record, previous, rotated } = options;
  const { scope } = facts;
  const list = new StepList();
  const failed = (outcome: 'failed' | 'rolled-back', after: readonly StepHandle<unknown>[]): StepHandle<unknown> =>
    list.add(
      'record-failure',
      recordRelease,
      // Its migrations have run: the schema stays as they left it.
      { ...withKnownDigests(record), outcome, manifest: null, revisions: options.schemas.map(ifKnown) },
      { after },
    );
  if (previous === undefined) {
    failed('failed', [list.add('remove', removeServices, { services: runServices(request.spec, scope) })]);
    return list;
  }
  const before = recordedRelease(previous);
  const { spec, images } = before.request;
  const { revisions } = before;
  const returned = list.add('return', returnTraffic, {
    release: previous.id,
    services: runServices(spec, scope),
    revisions,
  });
  // What only this release has: it serves nobody, and no record would know of it.
  const added = runServices(request.spec, scope).filter(({ name }) => spec.services[name] === undefined);
  const removed = added.length === 0 ? [] : [list.add('remove', removeServices, { services: added })];
  const restored = rotated === undefined ? [] : [addRestoration(list, scope, rotated)];
  const proven = list.add(
    'verify-return',
    verifyRelease,
    {
      release: previous.id,
      services: checkedServices(spec, scope, images),
      revisions,
      // As it is now: a way back cannot wait for what a step that failed would have said.
      foundation: '$ref' in foundation ? { ...facts.outputs.foundation } : foundation,
      withinSeconds: provenWithinSeconds,
    },
    { after: [returned, ...restored] },
  );
  failed('rolled-back', [proven, ...removed]);
  return list;
}

import type { ReleaseRecord } from '../../ledger/release-record.js';
import { type PlanBuilder, StepList } from '../../plan/plan-builder.js';
import type { Deferred, DeferredInputs, StepHandle } from '../../plan/reference.js';
import { drainRelease } from '../../steps/local/drain-release.js';
import { pruneArtifacts } from '../../steps/local/prune-artifacts.js';
import { recordRelease } from '../../steps/local/record-release.js';
import { removeRelease } from '../../steps/local/remove-release.js';
import { restoreSecret } from '../../steps/local/restore-secret.js';
import { returnTraffic } from '../../steps/local/return-traffic.js';
import { startRelease } from '../../steps/local/start-release.js';
import { switchTraffic } from '../../steps/local/switch-traffic.js';
import { verifyRelease } from '../../steps/local/verify-release.js';
import type { PostgresRequest, ReleaseManifest } from '../../supervisor/protocol.js';
import { artifactsToPrune } from './artifacts-to-prune.js';
import type { StageFacts } from './local-facts.js';
import type { NewRecord } from './new-record.js';
import { recordedReleaseOf } from './recorded-release.js';
import { checksOf } from './verification-checks.js';

/** How a release replaces the one that serves. */
export interface RolloutOptions {
  readonly facts: StageFacts;
  /** Its artifacts may still have to be built. */
  readonly manifest: DeferredInputs<ReleaseManifest>;
  readonly services: Parameters<typeof checksOf>[0];
  /** The database it uses. */
  readonly postgres: PostgresRequest | undefined;
  readonly gatewayPort: number | undefined;
  readonly bakeSeconds: number;
  readonly record: NewRecord;
  /** What the record says when the release was proven. @default - as `record` says */
  readonly digests?: Deferred<NewRecord['digests']>;
  /** What to return to; undefined when nothing serves. */
  readonly previous: ReleaseRecord | undefined;
  /** What has to be done first. */
  readonly after: readonly StepHandle<unknown>[];
  /** A secret whose new value came into use with `after`, and goes out of use when this fails. @default - none */
  readonly rotatedSecret?: string;
}

/** Start, switch, verify, record, drain; and the way back. Returns the step that records the release. */
export function addRollout(builder: PlanBuilder, options: RolloutOptions): StepHandle<unknown> {
  const { facts, manifest, services, postgres, gatewayPort: port, bakeSeconds, record, after } = options;
  const { id } = record;
  const start = builder.add('start', startRelease, manifest, { after });
  const traffic = { release: id, ...(port === undefined ? {} : { port }) };
  const switched = builder.add('switch', switchTraffic, traffic, { after: [start] });
  const checks = checksOf(services);
  const verified = builder.add('verify', verifyRelease, { release: id, checks, bakeSeconds }, { after: [switched] });
  const kept = {
    manifest,
    bakeSeconds,
    ...(postgres === undefined ? {} : { postgres }),
    ...(port === undefined ? {} : { gatewayPort: port }),
  };
  const recorded = builder.add(
    'record',
    recordRelease,
    {
      ...record,
      digests: options.digests ?? record.digests,
      outcome: 'released',
      manifest: kept,
      retires: releasesBeside(facts, id),
    },
    { after: [verified] },
  );
  const drains = addDrains(builder, facts, id, recorded);
  const unneeded = artifactsToPrune(facts, plannedArtifacts(facts, record));
  if (unneeded.length > 0) builder.add('prune', pruneArtifacts, { keys: unneeded }, { after: [recorded, ...drains] });

  const undone = options.rotatedSecret === undefined ? [] : after;
  builder.recover(
    { when: [...undone, start, switched, verified], until: recorded },
    options.previous?.id ?? null,
    wayBack(options),
  );
  return recorded;
}

/** What a release will run from, as far as it is stored already. */
function plannedArtifacts({ imageOf }: StageFacts, { digests }: NewRecord): readonly string[] {
  return Object.values(digests).flatMap((digest) => [
    digest,
    ...(imageOf[digest] === undefined ? [] : [imageOf[digest]]),
  ]);
}

/** Stops every other release that is still there, once it is certain that this one serves. */
export function addDrains(
  builder: PlanBuilder,
  facts: StageFacts,
  id: string,
  certain: StepHandle<unknown>,
): readonly StepHandle<unknown>[] {
  return releasesBeside(facts, id).map((old) =>
    builder.add(`drain-${old}`, drainRelease, { release: old }, { after: [certain] }),
  );
}

/** What is still there of other releases: the one that serves until the switch, and any that a crash left behind. */
function releasesBeside({ running }: StageFacts, ...ids: readonly string[]): readonly string[] {
  return (running?.releases ?? [])
    .filter((release) => !ids.includes(release.id) && release.state !== 'stopped')
    .map((release) => release.id);
}

function wayBack({ facts, record, previous, rotatedSecret }: RolloutOptions): StepList {
  const list = new StepList();
  // First: a replica of the release before that is started again has to get the value it had.
  const restored =
    rotatedSecret === undefined ? [] : [list.add('restore-secret', restoreSecret, { name: rotatedSecret })];
  const back =
    previous === undefined
      ? restored
      : [list.add('return', returnTraffic, { manifest: recordedReleaseOf(previous).manifest }, { after: restored })];
  // With what a killed deploy left: nothing was proven of it.
  const strays = previous === undefined ? [] : releasesBeside(facts, record.id, previous.id);
  const removed = [
    list.add('remove', removeRelease, { release: record.id }, { after: back }),
    ...strays.map((release) => list.add(`remove-${release}`, removeRelease, { release }, { after: back })),
  ];
  const outcome = previous === undefined ? 'failed' : 'rolled-back';
  list.add('record-failure', recordRelease, { ...record, outcome, manifest: null, retires: [] }, { after: removed });
  return list;
}

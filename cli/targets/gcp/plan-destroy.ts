import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { destroyConfiguration } from '../../steps/gcp/destroy-configuration.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { PlanIdentity } from '../target.js';
import type { StageScope } from '../../../stacks/gcp/naming.js';
import { recordedRelease } from './recorded-release.js';

export interface PlanDestroyOptions extends PlanIdentity {
  readonly scope: StageScope;
  /** What was there last. */
  readonly record: ReleaseRecord;
  readonly serving: string | null;
  /** `gs://…`. */
  readonly ledger: string;
}

/** Pure: how to take away what runs of a stage. The foundation stays: network, data, registry, address, secrets. */
export function planDestroy({ scope, record, serving, ledger, runId, madeAt }: PlanDestroyOptions): Plan {
  const request = { ...recordedRelease(record).request, protect: false };
  const builder = new PlanBuilder();
  const stopped = builder.add('stop', destroyConfiguration, { stack: 'service', request, keeps: [] });
  const keeps = [
    `the foundation of ${scope.name} on stage ${scope.stage}: network, address, registry, database and whatever else holds data; it costs as before`,
    'the values of its secrets',
    `the release ledger: ${ledger}`,
  ];
  builder.add('remove', destroyConfiguration, { stack: 'migrations', request, keeps }, { after: [stopped] });
  const header = { runId, madeAt, target: 'gcp', stage: scope.stage, name: scope.name, specHash: record.specHash };
  return builder.build({ ...header, action: 'destroy', base: { release: serving }, release: null });
}

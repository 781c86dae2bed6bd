import { createHash } from 'node:crypto';
import { imageSourceOf, workloadsOf } from '../../../stacks/spec/index.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { DeferredInputs } from '../../plan/reference.js';
import type { StageRequest } from '../../steps/aws/stage-request.js';
import { recordBeginning } from '../record-beginning.js';
import type { PlannedImages } from './add-images.js';
import type { AwsFacts, AwsStageFacts } from './aws-facts.js';
import { recordedVersions } from './used-secrets.js';

/** A record without what only the end of the deploy tells. */
export type NewRecord = DeferredInputs<Omit<ReleaseRecord, 'outcome' | 'manifest' | 'schema'>> & {
  readonly schema: Pick<ReleaseRecord['schema'], 'before'>;
};

export interface NewRecordOptions {
  readonly request: Pick<StageRequest, 'spec' | 'stage'> & { readonly release: string };
  readonly facts: AwsFacts;
  readonly specHash: string;
  readonly digests: PlannedImages['digests'];
}

/** Pure: what the ledger will say of a release, before it is known how it ends. */
export function newRecord({ request, facts, specHash, digests }: NewRecordOptions): NewRecord {
  const { spec, release } = request;
  const { sources } = facts;
  return {
    ...recordBeginning({ id: release, name: spec.name, specHash, facts }),
    digests: Object.fromEntries(
      workloadsOf(spec).map((workload) => [workload.name, digests[imageSourceOf(spec, workload)] ?? '']),
    ),
    migrations: spec.migrations.map((migration) => migration.name),
    schema: { before: knownSchema(facts) },
    secrets: recordedVersions(request, facts),
    contentHash: createHash('sha256')
      .update(JSON.stringify([specHash, Object.entries(sources).map(([source, { content }]) => [source, content])]))
      .digest('hex'),
  };
}

/**
 * Pure: what the last release has said of the schema, whether it came up or not, as migrations are never taken back: the
 * database itself cannot be asked from here.
 */
export function knownSchema({ records }: Pick<AwsStageFacts, 'records'>): string | null {
  return records.at(-1)?.schema.after ?? null;
}

import { createHash } from 'node:crypto';
import { type AgentSpec, imageSourceOf, workloadsOf } from '../../stacks/spec/index.js';
import type { ReleaseRecord } from '../ledger/release-record.js';
import type { DeferredInputs } from '../plan/reference.js';
import type { PlannedImages } from './add-images.js';
import { type NewDeploy, recordBeginning } from './record-beginning.js';
import type { SourceFacts } from './source-facts.js';

/** A record without what only the end of the deploy tells. */
export type NewRecord = DeferredInputs<Omit<ReleaseRecord, 'outcome' | 'manifest' | 'schema'>> & {
  readonly schema: Pick<ReleaseRecord['schema'], 'before'>;
};

export interface NewRecordOptions {
  readonly spec: AgentSpec;
  readonly release: string;
  readonly facts: NewDeploy['facts'] & {
    readonly records: readonly ReleaseRecord[];
    /** By the keys of `imageSources`. */
    readonly sources: Readonly<Record<string, SourceFacts>>;
  };
  readonly specHash: string;
  readonly digests: PlannedImages['digests'];
  /** Versions of the secrets of the user. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Pure: what the ledger will say of a release, before it is known how it ends. */
export function newRecord({ spec, release, facts, specHash, digests, secrets }: NewRecordOptions): NewRecord {
  const { sources } = facts;
  return {
    ...recordBeginning({ id: release, name: spec.name, specHash, facts }),
    digests: Object.fromEntries(
      workloadsOf(spec).map((workload) => [workload.name, digests[imageSourceOf(spec, workload)] ?? '']),
    ),
    migrations: spec.migrations.map((migration) => migration.name),
    schema: { before: knownSchema(facts) },
    secrets: { ...secrets },
    contentHash: createHash('sha256')
      .update(JSON.stringify([specHash, Object.entries(sources).map(([source, { content }]) => [source, content])]))
      .digest('hex'),
  };
}

/**
 * Pure: what the last release has said of the schema, whether it came up or not, as migrations are never taken back: the
 * database itself cannot be asked from here.
 */
export function knownSchema({ records }: { readonly records: readonly ReleaseRecord[] }): string | null {
  return records.at(-1)?.schema.after ?? null;
}

/** Recovery steps have only each other's outputs: what a build would have told is not known there. */
export function withKnownDigests(record: NewRecord): NewRecord {
  const digests = '$ref' in record.digests ? {} : record.digests;
  return { ...record, digests: Object.fromEntries(Object.entries(digests).filter(isText)) };
}

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

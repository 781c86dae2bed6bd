import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { recordBeginning } from '../record-beginning.js';
import type { LocalFacts } from './local-facts.js';
import { contentHash } from './release-manifest.js';
import { usedSecrets } from './used-secrets.js';

/** A record without what only the end of the deploy tells. */
export type NewRecord = Omit<ReleaseRecord, 'outcome' | 'manifest' | 'schema'> & {
  readonly schema: Pick<ReleaseRecord['schema'], 'before'>;
};

/** Pure: what the ledger will say of a release, before it is known how it ends. */
export function newRecord(id: string, processes: StagePlan, facts: LocalFacts, specHash: string): NewRecord {
  const { digests, schema } = facts;
  const workloads = [...processes.services, ...processes.schedules, ...processes.migrations];
  return {
    ...recordBeginning({ id, name: processes.name, specHash, facts }),
    digests: Object.fromEntries(workloads.map(({ name, source }) => [name, digests[source] ?? ''])),
    migrations: processes.migrations.map((migration) => migration.name),
    schema: { before: schema },
    secrets: usedSecrets(processes, facts),
    contentHash: contentHash(processes, digests),
  };
}

import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import { secretNamesIn } from '../../../stacks/spec/index.js';
import { recordVersion, type ReleaseRecord } from '../../ledger/release-record.js';
import type { LocalFacts } from './local-facts.js';

/** A record without what only the end of the deploy tells. */
export type NewRecord = Omit<ReleaseRecord, 'outcome' | 'manifest'>;

/** Pure: what the ledger will say of a release, before it is known how it ends. */
export function newRecord(
  id: string,
  processes: ProcessPlan,
  facts: LocalFacts,
  { specHash, content }: { readonly specHash: string; readonly content: string },
): NewRecord {
  const { git, user, host, now, digests } = facts;
  const workloads = [...processes.services, ...processes.schedules, ...processes.migrations];
  return {
    recordVersion,
    id,
    createdAt: now,
    by: { user, host },
    git: git === undefined ? null : { sha: git.sha, dirty: git.dirty },
    specHash,
    digests: Object.fromEntries(workloads.map(({ name, context }) => [name, digests[context] ?? ''])),
    migrations: processes.migrations.map((migration) => migration.name),
    secrets: [...new Set(workloads.flatMap((workload) => Object.values(workload.env).flatMap(secretNamesIn)))],
    contentHash: content,
  };
}

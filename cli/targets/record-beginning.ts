import { recordVersion, type ReleaseRecord } from '../ledger/release-record.js';
import type { GitFacts } from '../tools/git/git-facts.js';

/** A deploy that a record is begun for, and who makes it. */
export interface NewDeploy {
  readonly id: string;
  /** Name of the agent. */
  readonly name: string;
  readonly specHash: string;
  readonly facts: {
    readonly git: GitFacts | undefined;
    readonly user: string;
    readonly host: string;
    /** ISO 8601. */
    readonly now: string;
  };
}

/** Pure: what the record of a deploy says first, whatever the target. */
export function recordBeginning({ id, name, specHash, facts }: NewDeploy) {
  const { git, user, host, now } = facts;
  return {
    recordVersion,
    id,
    name,
    action: 'deploy',
    origin: id,
    createdAt: now,
    by: { user, host },
    git: git === undefined ? null : { sha: git.sha, dirty: git.dirty },
    specHash,
  } as const satisfies Partial<ReleaseRecord>;
}

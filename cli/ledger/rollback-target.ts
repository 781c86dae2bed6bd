import { AgentctlError } from '../errors.js';
import type { ReleaseRecord } from './release-record.js';

/** What choosing a release to go back to depends on. */
export interface RollbackChoice {
  /** Oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** Id of the release that serves. */
  readonly serving: string | null;
  /** The release that was asked for. @default - the one before the release that serves */
  readonly to?: string | undefined;
  /** Whether everything a release runs from is still there. */
  readonly isComplete: (record: ReleaseRecord) => boolean;
}

/**
 * Pure: the release to go back to. Without a wish it is the newest release before the one whose content serves, so that
 * a second rollback goes one further back and never to the release that the first one left. Where nothing proven serves,
 * it is the newest release that was.
 *
 * @throws AgentctlError UsageInvalid: there is no such release; Refused: it never served, or its build is gone
 */
export function rollbackTarget({ records, serving, to, isComplete }: RollbackChoice): ReleaseRecord {
  const released = records.filter((record) => record.outcome === 'released');
  const possible = released.filter(isComplete);
  const choices = choicesText(possible, serving);
  if (to === undefined) {
    const now = released.find((record) => record.id === serving);
    const before = possible.findLast((record) => now === undefined || numberOf(record.origin) < numberOf(now.origin));
    if (before !== undefined) return before;
    throw new AgentctlError('Refused', `there is no release before ${now?.origin ?? serving ?? 'the first'}`, {
      fix: choices,
    });
  }
  const record = records.find(({ id }) => id === to);
  if (record === undefined) throw new AgentctlError('UsageInvalid', `there is no release "${to}"`, { fix: choices });
  if (record.outcome !== 'released') {
    throw new AgentctlError('Refused', `release ${to} never came up: it is recorded as ${record.outcome}`, {
      fix: choices,
    });
  }
  if (!isComplete(record)) {
    throw new AgentctlError('Refused', `the build of release ${to} is no longer kept`, {
      fix: `${choices}; or deploy again from its source${record.git === null ? '' : ` (git ${record.git.sha.slice(0, 7)})`}`,
    });
  }
  return record;
}

function choicesText(possible: readonly ReleaseRecord[], serving: string | null): string {
  const others = possible.filter(({ id }) => id !== serving).map(({ id }) => id);
  return others.length === 0 ? 'nothing can be rolled back to yet' : `choose one of: ${others.join(', ')}`;
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}

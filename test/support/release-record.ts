import type { ReleaseRecord } from '../../cli/ledger/release-record.js';

/** A record as a ledger keeps it. */
export function record(id: string, outcome: ReleaseRecord['outcome'] = 'released'): ReleaseRecord {
  return {
    recordVersion: 1,
    id,
    name: 'support-agent',
    action: 'deploy',
    origin: id,
    createdAt: '2026-01-01T00:00:00.000Z',
    by: { user: 'ann', host: 'laptop' },
    git: null,
    specHash: 'x',
    digests: {},
    migrations: [],
    schema: { before: null, after: null },
    secrets: {},
    contentHash: 'y',
    outcome,
    manifest: { any: 'shape' },
  };
}

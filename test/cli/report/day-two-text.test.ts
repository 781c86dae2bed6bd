import { expect, test } from 'vitest';
import { backupsText } from '../../../cli/report/backups-text.js';
import { releasesText } from '../../../cli/report/releases-text.js';
import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';

type Shown = Parameters<typeof releasesText>[0]['releases'][number];

const release: Shown = {
  recordVersion: 1,
  id: 'r12',
  name: 'support-agent',
  action: 'deploy',
  origin: 'r12',
  createdAt: '2026-11-20T14:40:10.000Z',
  by: { user: 'deployer', host: 'laptop' },
  git: { sha: 'c0ffee1234', dirty: true },
  specHash: 'x',
  digests: {},
  migrations: [],
  schema: { before: 'alembic:1f3870be274f', after: 'alembic:9d5ed678fe57' },
  secrets: {},
  contentHash: 'y',
  outcome: 'released',
  serving: false,
};
const older: ReleaseRecord['schema'] = { before: 'alembic:1f3870be274f', after: 'alembic:1f3870be274f' };
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

test('releases, newest first, fit into 80 columns', () => {
  const text = releasesText({
    name: 'support-agent',
    target: 'local',
    stage: 'local',
    flags: '--cloud local',
    releases: [
      { ...release, id: 'r13', action: 'rollback', origin: 'r11', git: null, schema: older, serving: true },
      release,
      { ...release, id: 'r11', schema: older, outcome: 'rolled-back' },
    ],
    damaged: [],
  });

  expect(text).toMatchInlineSnapshot(`
    "RELEASE  WHEN (UTC)        BY        GIT       SCHEMA
    r13      2026-11-20 14:40  deployer  -         1f3870be274f    serving (= r11)
    r12      2026-11-20 14:40  deployer  c0ffee1+  → 9d5ed678fe57  released
    r11      2026-11-20 14:40  deployer  c0ffee1+  1f3870be274f    rolled-back"
  `);
  expect(widest(text)).toBeLessThanOrEqual(80);
});

test('backups and what restores replaced fit into 80 columns', () => {
  const text = backupsText({
    backups: [
      {
        id: 'b20261120-101502-ab12',
        createdAt: '2026-11-20T10:15:02.000Z',
        reason: 'before-migration',
        database: 'agent',
        bytes: 1_234_567_890,
        schema: 'schema_migrations:0002#8b4ce51e',
      },
    ],
    replaced: [
      {
        id: '20261120-144022746-1e23',
        backup: 'b20261120-101502-ab12',
        replacedAt: '2026-11-20T14:40:22.000Z',
        bytes: 81_500_000,
      },
    ],
    flags: '--cloud local',
  });

  expect(text).toMatchInlineSnapshot(`
    "BACKUP                 TAKEN (UTC)       WHY               SIZE    SCHEMA
    b20261120-101502-ab12  2026-11-20 10:15  before-migration  1.2 GB  0002#8b4ce51e

    REPLACED DATABASE        AT (UTC)          BY                     SIZE
    20261120-144022746-1e23  2026-11-20 14:40  b20261120-101502-ab12  81.5 MB"
  `);
  expect(widest(text)).toBeLessThanOrEqual(80);
});

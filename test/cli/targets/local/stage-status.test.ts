import { expect, test } from 'vitest';
import type { ReleaseRecord } from '../../../../cli/ledger/release-record.js';
import { stageStatus } from '../../../../cli/targets/local/stage-status.js';

const record = { id: 'r3' } as ReleaseRecord;

test('a stage whose supervisor has died and is guarded says that it is coming back', () => {
  expect(stageStatus(undefined, record, true)).toMatchObject({
    state: 'unreachable',
    release: 'r3',
    note: expect.stringContaining('being started again'),
  });
});

test('without a guard nothing is being done about it', () => {
  expect(stageStatus(undefined, record, false)).not.toHaveProperty('note');
});

import { expect, test } from 'vitest';
import type { StackChanges } from '../../../cli/plan/plan.js';
import { changesText } from '../../../cli/report/changes-text.js';

const role = (logicalId: string) => ({ logicalId, type: 'AWS::IAM::Role', properties: [] });
const changes: StackChanges = {
  stack: 'support-production-service',
  isNew: false,
  created: [role('One'), role('Two')],
  changed: [],
  replaced: [],
  removed: [role('Three')],
  iamWidening: ['Allow s3:GetObject on *', 'Allow s3:PutObject on *'],
};

test('a stack that is not there yet is one line, however much it permits', () => {
  expect(changesText([{ ...changes, isNew: true, removed: [] }])).toEqual([
    '  support-production-service: new, 2 resources, 2 permissions for them (all: --json)',
  ]);
});

test('of a stack that is there, what goes and what is permitted is told one by one', () => {
  expect(changesText([changes])).toEqual([
    '  support-production-service: 2 added, 1 removed',
    '    + One AWS::IAM::Role',
    '    + Two AWS::IAM::Role',
    '    - Three AWS::IAM::Role',
    '    ! permits more: Allow s3:GetObject on *',
    '    ! permits more: Allow s3:PutObject on *',
  ]);
});

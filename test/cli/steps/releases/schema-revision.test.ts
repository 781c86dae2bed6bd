import { expect, test } from 'vitest';
import { schemaRevisionIn } from '../../../../cli/steps/releases/schema-revision.js';

test('the last revision that Alembic says it came to', () => {
  const lines = [
    'INFO  [alembic.runtime.migration] Running upgrade  -> 0001, conversations',
    'INFO  [alembic.runtime.migration] Running upgrade 0001 -> 3f2a91, jobs',
    'done',
  ];

  expect(schemaRevisionIn(lines)).toBe('alembic:3f2a91');
});

test('what a migration of another kind says by itself', () => {
  expect(schemaRevisionIn(['agentctl-schema: prisma:20261120', 'bye'])).toBe('prisma:20261120');
});

test('nothing, when nothing was said', () => {
  expect(schemaRevisionIn(['nothing to do'])).toBeNull();
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { routePriorities } from '../../../../constructs/aws/index.js';

const path = fc.stringMatching(/^(\/[a-z0-9-]{1,12}){1,4}$/);

test('a longer path comes before its prefix, and / is last', () => {
  const priorities = routePriorities(['/', '/api', '/api/admin']);
  const sorted = [...priorities].toSorted(([, one], [, other]) => one - other).map(([name]) => name);
  expect(sorted).toEqual(['/api/admin', '/api', '/']);
});

test('every path has its own, within what a listener takes (1 to 50000)', () => {
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 100 }), (paths) => {
      const priorities = [...routePriorities(paths).values()];
      expect(new Set(priorities).size).toBe(paths.length);
      expect(Math.min(1, ...priorities)).toBe(1);
      expect(Math.max(50_000, ...priorities)).toBe(50_000);
    }),
  );
});

test('does not depend on the order, and a path that is there twice counts once', () => {
  expect(routePriorities(['/b', '/a', '/b'])).toEqual(routePriorities(['/a', '/b']));
});

test('paths of another length never move those that exist', () => {
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 20 }), path, (paths, added) => {
      fc.pre(!paths.some(({ length }) => length === added.length));
      const before = routePriorities(paths);
      const after = routePriorities([...paths, added]);
      for (const [name, priority] of before) expect(after.get(name)).toBe(priority);
    }),
  );
});

test('the priority of a path is the same in every version: CloudFormation cannot swap two', () => {
  expect(Object.fromEntries(routePriorities(['/', '/api']))).toEqual({ '/': 48_415, '/api': 47_147 });
});

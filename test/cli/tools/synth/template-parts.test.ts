import { expect, test } from 'vitest';
import { dropsParts, withPartsOf } from '../../../../cli/tools/synth/template-parts.js';

const topic = { Type: 'AWS::SNS::Topic' };
const before = {
  Resources: { Cache: topic, Key: { ...topic, Properties: { TopicName: 'old' } } },
  Outputs: { CacheHost: { Value: 'h' } },
};
const after = { Resources: { Key: { ...topic, Properties: { TopicName: 'new' } }, Queue: topic } };

test('what is gone is kept beside what is new, and what both have is as it is now', () => {
  expect(withPartsOf(before, after)).toEqual({
    Resources: { Cache: topic, Key: { ...topic, Properties: { TopicName: 'new' } }, Queue: topic },
    Outputs: { CacheHost: { Value: 'h' } },
  });
});

test('a resource that goes, or an output alone, is something to keep; one that comes is not', () => {
  expect(dropsParts(before, after)).toBe(true);
  expect(dropsParts({ ...after, Outputs: { Only: { Value: 'x' } } }, after)).toBe(true);
  expect(dropsParts(after, { ...after, Outputs: { Only: { Value: 'x' } } })).toBe(false);
  expect(dropsParts(undefined, after)).toBe(false);
});

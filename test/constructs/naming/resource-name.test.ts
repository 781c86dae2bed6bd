import { describe, expect, test } from 'vitest';
import { type NamedResource, nameRules, resourceName } from '../../../constructs/naming/index.js';

const kinds = Object.keys(nameRules) as NamedResource[];
/** The longest names that a config file may hold: 24 characters each. */
const longest = ['support-agent-for-emea-a', 'production-europe-west-1', 'conversation-gateway-api'];

test('a name that fits is its parts', () => {
  expect(resourceName('aws-target-group', ['support', 'production', 'api'])).toBe('support-production-api');
  expect(resourceName('azure-container-registry', ['support-agent', 'production'])).toBe('supportagentproduction');
});

describe.each(kinds)('%s', (kind) => {
  test('the longest legal name fits', () => {
    const name = resourceName(kind, longest);

    expect(name.length).toBeLessThanOrEqual(nameRules[kind].maximum);
    expect(name).toMatch(nameRules[kind].separator === '' ? /^[a-z0-9]+$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test('names that differ only at the end stay different', () => {
    const names = Array.from({ length: 200 }, (_, index) =>
      resourceName(kind, [...longest.slice(0, 2), `${longest[2]}${index}`]),
    );

    expect(new Set(names).size).toBe(names.length);
  });

  test('the same parts give the same name', () => {
    expect(resourceName(kind, longest)).toBe(resourceName(kind, longest));
  });
});

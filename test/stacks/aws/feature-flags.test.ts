import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { featureFlags } from '../../../stacks/aws/feature-flags.js';

test('plain cdk works with the flags of the CLI, and validates what it writes by itself', () => {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

  expect(context).toEqual({ ...featureFlags, '@aws-cdk/core:validateAgainstDefaultRules': true });
});

import { expect, test } from 'vitest';
import { assertTrafficStays } from '../../../../cli/targets/aws/shifted-traffic.js';
import type { AwsTools } from '../../../../cli/tools/aws/aws-tools.js';
import type { TemplateChanges } from '../../../../cli/tools/aws/stacks/stack-tools.js';

const rule = (...weights: readonly number[]) => ({
  Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  Properties: {
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: weights.map((Weight, index) => ({ TargetGroupArn: { Ref: `Group${index}` }, Weight })),
        },
      },
    ],
  },
});
const resources = ['Route', 'Group0', 'Group1'].map((logicalId) => ({
  logicalId,
  type: '',
  physicalId: `arn:${logicalId}`,
}));
const moved = { 'arn:Group0': 0, 'arn:Group1': 100 };
const changed = { logicalId: 'Route', type: 'AWS::ElasticLoadBalancingV2::ListenerRule', properties: ['Conditions'] };

async function check(
  before: object,
  live: Readonly<Record<string, number>>,
  what: Partial<Pick<TemplateChanges, 'changed' | 'removed'>> = { changed: [changed] },
): Promise<void> {
  const aws = {
    stacks: { resources: async () => await Promise.resolve(resources) },
    services: { traffic: async () => await Promise.resolve(new Map(Object.entries(live))) },
  } as unknown as Pick<AwsTools, 'stacks' | 'services'>;
  const nothing = { created: [], changed: [], replaced: [], removed: [], iamWidening: [], stateful: [] };
  await assertTrafficStays({
    stack: 'service',
    before: { Resources: { Route: before } },
    changes: { ...nothing, ...what },
    aws,
    signal: new AbortController().signal,
  });
}

test('a rule whose traffic has moved may not change, whatever about it changes', async () => {
  await expect(check(rule(100, 0), { 'arn:Group0': 0, 'arn:Group1': 100 })).rejects.toMatchObject({
    code: 'Refused',
    message: expect.stringContaining('Route would send all traffic to where no task is') as string,
  });
});

test('nor may another rule take its place; it may go with its target groups', async () => {
  const [, first, second] = resources.map(({ logicalId, type }) => ({ logicalId, type, properties: [] }));
  await expect(check(rule(100, 0), moved, { removed: [changed] })).rejects.toMatchObject({ code: 'Refused' });
  const groups = [first, second].flatMap((group) => group ?? []);
  await check(rule(100, 0), moved, { removed: [changed, ...groups] });
});

test('it may while the traffic is where the template begins, or when it forwards to one group only', async () => {
  await check(rule(100, 0), { 'arn:Group0': 100, 'arn:Group1': 0 });
  await check(rule(1), { 'arn:Group0': 1 });
  await check(rule(100, 0), moved, {});
});

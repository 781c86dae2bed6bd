import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import { resourceId } from '../support/fake-gcp/services/terraform/resource-id.js';
import { gcpSpec, synthesizedStage } from '../support/gcp/synthesized-stage.js';

const example = join(resolve(import.meta.dirname, '../..'), 'examples/state-management-demo/agentctl.yaml');

test('every resource of a stage has an id of its own', async () => {
  const fake = await fakeForTest();
  const stage = synthesizedStage(gcpSpec(example), 'production', { release: 'r1' });
  const ids = Object.values(stage).flatMap(({ configuration }) =>
    Object.entries((configuration as { resource: Record<string, Record<string, object>> }).resource).flatMap(
      ([type, resources]) =>
        Object.entries(resources).map(
          ([name, attributes]) => [`${type} ${resourceId(fake.world, type, attributes as never)}`, name] as const,
        ),
    ),
  );
  const twice = ids.filter(([id, name]) => ids.some(([other, owner]) => other === id && owner !== name));
  expect(ids.length).toBeGreaterThan(100);
  expect(twice).toEqual([]);
});

import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import { expect, test } from 'vitest';
import { OneOffTask } from '../../../constructs/aws/task/one-off-task.js';
import { synthesized, testImage } from './synthesized.js';

test('probe', () => {
  const s = synthesized((stack) => {
    new OneOffTask(stack, 'Migrate', {
      image: testImage(stack),
      environment: {
        A: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'S', 'agentctl/x')),
      },
    });
  });
  console.log(JSON.stringify(s, null, 1));
  expect(Duration.seconds(1).toSeconds()).toBe(1);
});

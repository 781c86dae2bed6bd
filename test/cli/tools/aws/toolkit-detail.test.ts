import { expect, test } from 'vitest';
import { toolkitDetail } from '../../../../cli/tools/aws/stacks/toolkit-detail.js';

const block = `\u001B[31mstops/Service\u001B[39m  (AWS::ECS::Service Service)
   Container "api" exited with code 7
   Tasks: https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/stops/services/api/tasks
   no model is set
   CloudTrail delivery can lag; re-run \`cdk diagnose\` in a few minutes to check for additional errors.
`;

test('says what the toolkit says once, without the console, the cdk command and colours', () => {
  expect(toolkitDetail([`Resource updates failed:\n${block}`, block])).toEqual([
    'Resource updates failed:',
    'stops/Service  (AWS::ECS::Service Service)',
    '   Container "api" exited with code 7',
    '   no model is set',
  ]);
});

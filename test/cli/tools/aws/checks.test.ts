import { expect, test } from 'vitest';
import { alarmStore } from '../../../support/fake-aws/services/cloudwatch/alarm-store.js';
import { iamState } from '../../../support/fake-aws/services/iam/iam-state.js';
import { quotaStore } from '../../../support/fake-aws/services/service-quotas/quota-store.js';
import { makeResource } from '../../../support/fake-aws/web-service.js';
import { awsForFile } from './aws-on-the-fake.js';

const { fake, aws, signal } = await awsForFile();

test('quotas: the default, the raised one, what is used; those that may not be read are left out', async () => {
  expect(await aws.checks.quotas(signal)).toEqual([
    { name: 'Fargate On-Demand vCPU', limit: 6, used: null },
    { name: 'Elastic IP addresses', limit: 5, used: 0 },
    { name: 'VPCs', limit: 5, used: 0 },
    { name: 'RDS instances', limit: 40, used: 0 },
  ]);
  fake.world.state(quotaStore).applied.set('L-3032A538', 100);
  expect(await aws.checks.quotas(signal)).toContainEqual({ name: 'Fargate On-Demand vCPU', limit: 100, used: null });

  fake.fail({ service: 'ec2', operation: 'DescribeVpcs', kind: 'denied' });
  expect((await aws.checks.quotas(signal)).map(({ name }) => name)).not.toContain('VPCs');
});

test('service-linked roles that are missing', async () => {
  const names = ['AWSServiceRoleForECS', 'AWSServiceRoleForRDS'];
  expect(await aws.checks.missingRoles(names, signal)).toEqual(names);
  fake.world.state(iamState).addRole('AWSServiceRoleForECS', '{}');
  expect(await aws.checks.missingRoles(names, signal)).toEqual(['AWSServiceRoleForRDS']);
});

test('alarms that are firing, by the beginning of their names', async () => {
  for (const AlarmName of ['a-errors', 'a-latency', 'b-errors']) {
    await makeResource(fake.world, 'AWS::CloudWatch::Alarm', 'Alarm', { AlarmName });
    fake.world.state(alarmStore).set(AlarmName, AlarmName === 'a-latency' ? 'OK' : 'ALARM');
  }
  expect(await aws.checks.firingAlarms('a-', signal)).toEqual(['a-errors']);
});

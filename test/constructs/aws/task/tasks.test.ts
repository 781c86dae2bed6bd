import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { OneOffTask, ScheduledTask, type ScheduledTaskProps } from '../../../../constructs/aws/index.js';
import { cronExpression } from '../../../../constructs/aws/task/cron-expression.js';
import { helpers, type SynthesizedStack, synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskSurroundings } from '../../../support/task-surroundings.js';

const scheduled = (props: Partial<ScheduledTaskProps> = {}) =>
  synthesizedStack((stack) => {
    const { cluster, image } = taskSurroundings(stack);
    new ScheduledTask(stack, 'Reindex', { cluster, image, cron: '0 3 * * 0', ...props });
  });

function containers(made: SynthesizedStack): readonly Record<string, unknown>[] {
  return made.only('AWS::ECS::TaskDefinition')['ContainerDefinitions'] as Record<string, unknown>[];
}

describe('a scheduled task', () => {
  const made = scheduled();

  test('runs by the clock of UTC; a start that fails is tried again three times within an hour', () => {
    expect(made.only('AWS::Scheduler::Schedule')).toMatchObject({
      ScheduleExpression: 'cron(0 3 ? * 1 *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
        EcsParameters: { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } },
      },
    });
  });

  test('is ended after an hour, by a container that sleeps in the same image and may no more than it', () => {
    const [app, deadline] = containers(made);
    expect(deadline).toMatchObject({
      Name: 'deadline',
      EntryPoint: ['sleep'],
      Command: ['3600'],
      Essential: true,
      User: '10001:10001',
      ReadonlyRootFilesystem: true,
      Image: app?.['Image'],
    });
    expect(app).toMatchObject({ Memory: 2032 });
  });

  test('has no queue of its own, so cdk-nag finds one rule only, that has a reason', () => {
    expect(made.all('AWS::SQS::Queue')).toEqual([]);
    expect(made.only('AWS::Scheduler::Schedule')['Target']).not.toHaveProperty('DeadLetterConfig');
    expect(made.findings).toEqual([]);
    expect(made.acknowledged).toEqual(['AwsSolutions-IAM5[Resource::*]']);
    expect(helpers(made)).toEqual([]);
  });

  test('the schedule may run this task and pass its roles, nothing else', () => {
    const policies = made.all('AWS::IAM::Policy').map((policy) => JSON.stringify(policy));
    const own = policies.filter((policy) => policy.includes('ecs:RunTask'));
    expect(own).toHaveLength(1);
    expect(own[0]).not.toContain('"Resource":"*"');
  });
});

test('several schedules can share a dead-letter queue', () => {
  const arn = 'arn:aws:sqs:us-east-1:123456789012:not-started';
  const made = synthesizedStack((stack) => {
    const { cluster, image } = taskSurroundings(stack);
    const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'NotStarted', arn);
    for (const id of ['One', 'Other'])
      new ScheduledTask(stack, id, { cluster, image, cron: '0 3 * * *', deadLetterQueue });
  });
  expect(made.all('AWS::Scheduler::Schedule')).toMatchObject(
    [1, 2].map(() => ({ Target: { DeadLetterConfig: { Arn: arn } } })),
  );
  expect(made.findings).toEqual([]);
});

test('a task that is run when asked has as long as Fargate gives to stop, and a deadline when it is given one', () => {
  const oneOff = (timeout?: Duration) =>
    synthesizedStack((stack) => {
      const command = ['alembic', 'upgrade', 'head'];
      const { image } = taskSurroundings(stack);
      new OneOffTask(stack, 'Migrate', { image, command, ...(timeout === undefined ? {} : { timeout }) });
    });
  expect(containers(oneOff())).toMatchObject([{ Command: ['alembic', 'upgrade', 'head'], StopTimeout: 120 }]);
  expect(containers(oneOff(Duration.minutes(10)))[1]).toMatchObject({ Name: 'deadline', Command: ['600'] });
});

test.each<[Partial<ScheduledTaskProps>, string]>([
  [{ cron: '0 3 * *' }, 'cron is "0 3 * *", not five fields'],
  [{ cron: '0 3 1 * 1' }, 'cron "0 3 1 * 1" has days of the month and of the week'],
  [{ retries: 186 }, 'retries is 186'],
  [{ timeout: Duration.seconds(0) }, 'timeout is less than a second'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => scheduled(props)).toThrow(`Test/Reindex: ${message}`);
});

/** "Schedule types in EventBridge Scheduler", field by field. */
test.each([
  ['0 3 * * *', 'cron(0 3 * * ? *)'],
  ['*/15 * * * *', 'cron(0/15 * * * ? *)'],
  ['5,*/20 */2 * * *', 'cron(5,0/20 0/2 * * ? *)'],
  ['0 0 1 * *', 'cron(0 0 1 * ? *)'],
  ['0 0 1 jan,jul *', 'cron(0 0 1 JAN,JUL ? *)'],
  ['0 3 * * 0', 'cron(0 3 ? * 1 *)'],
  ['0 3 * * 7', 'cron(0 3 ? * 1 *)'],
  ['0 3 * * 1-5', 'cron(0 3 ? * 2-6 *)'],
  ['0 3 * * mon-fri', 'cron(0 3 ? * MON-FRI *)'],
  ['0 3 * * 1,3,5', 'cron(0 3 ? * 2,4,6 *)'],
  ['0 3 * * */2', 'cron(0 3 ? * 1/2 *)'],
  ['  0   3 * * * ', 'cron(0 3 * * ? *)'],
])('%s is %s', (cron, expected) => {
  expect(cronExpression(new Stack(undefined, 'Test'), cron)).toBe(expected);
});

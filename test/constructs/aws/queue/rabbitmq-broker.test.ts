import { CfnOutput } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { RabbitMqBroker, type RabbitMqBrokerProps } from '../../../../constructs/aws/index.js';
import { helpers, literalSecrets, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const secretName = 'agentctl/support/production/generated/queue';
const rabbit = (props: Partial<RabbitMqBrokerProps> = {}) =>
  synthesizedStack((stack) => {
    const { vpc, vpcSubnets } = surroundings(stack);
    const { host } = new RabbitMqBroker(stack, 'Queue', { vpc, vpcSubnets, secretName, ...props });
    new CfnOutput(stack, 'Host', { value: host });
  });

describe('with nothing but what has to be given', () => {
  const queue = rabbit();
  const broker = queue.only('AWS::AmazonMQ::Broker');

  test('is a private cluster over all zones that upgrades itself', () => {
    expect(broker).toMatchObject({
      EngineType: 'RABBITMQ',
      DeploymentMode: 'CLUSTER_MULTI_AZ',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      SubnetIds: ['subnet-data1', 'subnet-data2', 'subnet-data3'],
      Logs: { General: true },
    });
  });

  test('takes its password from a secret by name; it is in no template', () => {
    expect(broker['Users']).toEqual([
      { Username: 'agent', Password: `{{resolve:secretsmanager:${secretName}:SecretString:password::}}` },
    ]);
    expect(literalSecrets(queue)).toEqual([]);
  });

  test('is kept when the stack goes, under a fixed logical id', () => {
    expect(queue.resources['Queue']).toMatchObject({
      Type: 'AWS::AmazonMQ::Broker',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('its host is what stands between // and the port of the first endpoint', () => {
    expect(queue.text).toContain(
      JSON.stringify({
        'Fn::Select': [
          0,
          {
            'Fn::Split': [
              ':',
              {
                'Fn::Select': [
                  1,
                  { 'Fn::Split': ['//', { 'Fn::Select': [0, { 'Fn::GetAtt': ['Queue', 'AmqpEndpoints'] }] }] },
                ],
              },
            ],
          },
        ],
      }),
    );
  });

  test('has no helper function and nothing that cdk-nag finds', () => {
    expect(helpers(queue)).toEqual([]);
    expect(queue.findings).toEqual([]);
    expect([...queue.stricter]).toEqual([]);
  });
});

test('one node is in one subnet', () => {
  expect(rabbit({ cluster: false, hostInstanceType: 'mq.t3.micro' }).only('AWS::AmazonMQ::Broker')).toMatchObject({
    DeploymentMode: 'SINGLE_INSTANCE',
    SubnetIds: ['subnet-data1'],
  });
});

test.each<[Partial<RabbitMqBrokerProps>, string]>([
  [{ username: 'guest' }, 'username "guest" is not 2 to 100 letters, digits and ._-, or is guest'],
  [{ hostInstanceType: 'm7g.large' }, 'hostInstanceType "m7g.large" is not one such as mq.m7g.medium'],
  [{ hostInstanceType: 'mq.t3.micro' }, 'hostInstanceType mq.t3.micro has no clusters'],
  [{ brokerName: 'a b' }, 'brokerName "a b" is not 1 to 50 letters, digits, hyphens and underscores'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => rabbit(props)).toThrow(`Test/Queue: ${message}`);
});

import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import { describe, expect, test } from 'vitest';
import {
  namedSecret,
  PgBouncerService,
  type PgBouncerServiceProps,
  PostgresInstance,
} from '../../../../constructs/aws/index.js';
import { helpers, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const secretName = 'agentctl/support/production/generated/postgres';

const pooled = (props: Partial<PgBouncerServiceProps> = {}, users?: string) =>
  synthesizedStack((stack) => {
    const around = surroundings(stack);
    const { encryptionKey, vpc, vpcSubnets } = around;
    new PgBouncerService(stack, 'Pooler', {
      cluster: new ecs.Cluster(stack, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENHANCED }),
      vpcSubnets,
      namespace: new cloudmap.PrivateDnsNamespace(stack, 'Namespace', { name: 'support.internal', vpc }),
      encryptionKey,
      database: new PostgresInstance(stack, 'Postgres', { ...around, secretName }),
      secret: namedSecret(stack, 'Secret', { name: secretName, encryptionKey }),
      ...(users === undefined ? {} : { users: namedSecret(stack, 'Users', { name: users, encryptionKey }) }),
      serverConnections: 200,
      ...props,
    });
  });

describe('with nothing but what has to be given', () => {
  const pooler = pooled();
  const task = pooler.only('AWS::ECS::TaskDefinition');
  const [container] = task['ContainerDefinitions'] as Record<string, unknown>[];

  test('runs a pinned image, not as root, and writes to memory only (CT.ECS.PR.3, PR.6, PR.7, PR.11)', () => {
    expect(container).toMatchObject({
      Image: 'edoburu/pgbouncer:v1.25.2-p0',
      User: '10001:10001',
      ReadonlyRootFilesystem: true,
      Privileged: false,
      Memory: 512,
      StopTimeout: 120,
    });
    expect(task).toMatchObject({ NetworkMode: 'awsvpc', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
  });

  test('has the password from the secret, and no literal environment (AwsSolutions-ECS2, CT.ECS.PR.12, AWS-0036)', () => {
    expect(container?.['Environment']).toBeUndefined();
    expect(JSON.stringify(container?.['Secrets'])).toContain(`:secret:${secretName}:password::`);
    expect(container?.['Secrets']).toMatchObject([{ Name: 'PGPASSWORD' }]);
  });

  test('with a secret of users, has that and no password', () => {
    const users = 'agentctl/support/production/composed/pooler-users';
    const other = pooled({}, users).only('AWS::ECS::TaskDefinition')['ContainerDefinitions'];
    const [{ Secrets = [] } = {}] = other as { readonly Secrets?: readonly { readonly Name: string }[] }[];
    expect(Secrets.map(({ Name }) => Name)).toEqual(['PGBOUNCER_USERS']);
    expect(JSON.stringify(Secrets)).toContain(`:secret:${users}`);
  });

  test('shares the connections to the server out over its tasks', () => {
    const script = JSON.stringify(container?.['EntryPoint']);
    expect(script).toContain('default_pool_size = 100');
    expect(script).toContain('max_client_conn = 1000');
    expect(script).toContain('"Fn::GetAtt":["Postgres","Endpoint.Address"]');
    expect(script).toContain('port=5433');
  });

  test('is replaced one task after the other, and goes back by itself', () => {
    expect(pooler.only('AWS::ECS::Service')).toMatchObject({
      DesiredCount: 2,
      DeploymentConfiguration: {
        MinimumHealthyPercent: 50,
        MaximumPercent: 100,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
  });

  test('is found by name, and gets into the database', () => {
    expect(pooler.only('AWS::ServiceDiscovery::Service')).toMatchObject({
      Name: 'pooler',
      DnsConfig: { DnsRecords: [{ TTL: 10, Type: 'A' }] },
    });
    expect(pooler.only('AWS::EC2::SecurityGroupIngress')).toMatchObject({ FromPort: 5433, Description: 'Pooler' });
  });

  test('has no helper function and nothing that cdk-nag finds', () => {
    expect(helpers(pooler)).toEqual([]);
    expect(pooler.findings).toEqual([]);
    expect(pooler.acknowledged).toEqual([]);
  });
});

test('one task is replaced by a second one', () => {
  expect(pooled({ tasks: 1 }).only('AWS::ECS::Service')).toMatchObject({
    DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
  });
});

test.each<[Partial<PgBouncerServiceProps>, string]>([
  [{ tasks: 0 }, 'tasks 0 is not a whole number from 1'],
  [{ serverConnections: 1 }, 'serverConnections 1 is less than one for each of 2 tasks'],
  [{ clientConnections: 0 }, 'clientConnections 0 is not a whole number from 1'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => pooled(props)).toThrow(`Test/Pooler: ${message}`);
});

import * as backup from 'aws-cdk-lib/aws-backup';
import { describe, expect, test } from 'vitest';
import { BackupPlan, PostgresInstance } from '../../../../constructs/aws/index.js';
import { helpers, keyArn, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

describe('with a database', () => {
  const stack = synthesizedStack((stack) => {
    const around = surroundings(stack);
    const { instance } = new PostgresInstance(stack, 'Postgres', { ...around, secretName: 'postgres' });
    new BackupPlan(stack, 'Backup', { encryptionKey: around.encryptionKey, databases: [instance] });
  });

  test('backs up daily for 35 days and monthly for a year, into an encrypted vault that is kept (CKV_AWS_166)', () => {
    expect(stack.resources['Backup']).toMatchObject({
      Type: 'AWS::Backup::BackupVault',
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { EncryptionKeyArn: keyArn },
    });
    const plan = stack.only('AWS::Backup::BackupPlan')['BackupPlan'] as { BackupPlanRule: Record<string, unknown>[] };
    expect(
      plan.BackupPlanRule.map(({ RuleName, ScheduleExpression, Lifecycle }) => [
        RuleName,
        ScheduleExpression,
        Lifecycle,
      ]),
    ).toEqual([
      ['daily', 'cron(0 5 * * ? *)', { DeleteAfterDays: 35 }],
      ['monthly', 'cron(0 6 1 * ? *)', { DeleteAfterDays: 365 }],
    ]);
  });

  test('in a vault that no stack of that name had before, since the one of a stack that is gone is still there', () => {
    expect(stack.resources['Backup']?.Properties?.['BackupVaultName']).toEqual({
      'Fn::Join': [
        '-',
        [
          expect.stringMatching(/^[A-Za-z0-9-]{1,41}$/),
          {
            'Fn::Select': [
              0,
              { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] },
            ],
          },
        ],
      ],
    });
  });

  test('with a role for this database and for snapshots of AWS Backup, after its policy is there (AwsSolutions-IAM4, IAM5)', () => {
    const selection = Object.values(stack.resources).find(({ Type }) => Type === 'AWS::Backup::BackupSelection');
    expect(selection?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^BackupRolePolicy/)]));
    const roles = stack.all('AWS::IAM::Role').filter((role) => JSON.stringify(role).includes('backup.amazonaws.com'));
    expect(roles).toHaveLength(1);
    expect(roles[0]).not.toHaveProperty('ManagedPolicyArns');
    expect(stack.text).toContain('snapshot:awsbackup:job-????????-????-????-????-????????????');
  });

  test('the database breaks no rule of HIPAA, NIST or PCI any more (RDSInBackupPlan)', () => {
    expect([...stack.stricter]).toEqual([]);
  });

  test('has no helper function and nothing that cdk-nag finds', () => {
    expect(helpers(stack)).toEqual([]);
    expect(stack.findings).toEqual([]);
    expect(stack.acknowledged).toEqual([]);
  });
});

test('a copy goes to another vault, and the role may put it there', () => {
  const vaultArn = 'arn:aws:backup:eu-west-1:123456789012:backup-vault:Copies';
  const stack = synthesizedStack((stack) => {
    const copyTo = backup.BackupVault.fromBackupVaultArn(stack, 'Copies', vaultArn);
    const around = surroundings(stack);
    const { instance } = new PostgresInstance(stack, 'Postgres', { ...around, secretName: 'postgres' });
    new BackupPlan(stack, 'Backup', { encryptionKey: around.encryptionKey, databases: [instance], copyTo });
  });
  expect(JSON.stringify(stack.only('AWS::Backup::BackupPlan'))).toContain(`"DestinationBackupVaultArn":"${vaultArn}"`);
  expect(JSON.stringify(stack.all('AWS::IAM::ManagedPolicy'))).toContain(vaultArn);
});

test('nothing to back up is refused, by the path of the construct', () => {
  expect(() =>
    synthesizedStack((stack) => {
      const { encryptionKey } = surroundings(stack);
      new BackupPlan(stack, 'Backup', { encryptionKey, databases: [] });
    }),
  ).toThrow('Test/Backup: databases is empty');
});

import { Client } from 'pg';
import { expect, test } from 'vitest';
import { makeResource } from '../../../support/fake-aws/web-service.js';
import { awsForFile } from './aws-on-the-fake.js';

const { fake, aws, signal } = await awsForFile();
const port = 5433;

test('a database: snapshots, a restore that takes its place, its password, its end', async () => {
  const made = await makeResource(fake.world, 'AWS::RDS::DBInstance', 'Postgres', {
    DBInstanceIdentifier: 'a-production-db',
    Engine: 'postgres',
    Port: String(port),
    DBInstanceClass: 'db.t4g.small',
    MasterUsername: 'agent',
    MasterUserPassword: 'first',
    DBName: 'state',
    DeletionProtection: true,
    DBSubnetGroupName: 'subnets',
    DBParameterGroupName: 'parameters',
    BackupRetentionPeriod: 14,
    VPCSecurityGroups: ['sg-data'],
  });
  const host = String(made.attributes['Endpoint.Address']);
  const ask = async (sql: string, password = 'first'): Promise<unknown[]> => {
    const client = new Client({ host, port, user: 'agent', password, database: 'state' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const lines: string[] = [];
  const run = { signal, log: (line: string) => void lines.push(line) };
  const tags = { agentctl: 'a' };
  await ask('CREATE TABLE facts (fact text)');
  await ask("INSERT INTO facts VALUES ('kept')");
  expect(await aws.database.state('a-production-db', signal)).toMatchObject({
    status: 'available',
    isProtected: true,
    instanceClass: 'db.t4g.small',
    host,
    port,
  });

  // A lost answer, and the same again: one snapshot.
  fake.fail({ service: 'rds', operation: 'CreateDBSnapshot', kind: 'reply-lost' });
  const wanted = { id: 'a-production-b1', instance: 'a-production-db', tags };
  expect(await aws.database.createSnapshot(wanted, run)).toMatchObject({ status: 'available', kind: 'manual', tags });
  await aws.database.createSnapshot(wanted, run);
  expect(await aws.database.snapshots('a-production-db', signal)).toMatchObject([{ id: 'a-production-b1' }]);
  await ask("UPDATE facts SET fact = 'spoiled'");

  const restored = await aws.database.restore(
    { snapshot: 'a-production-b1', instance: 'a-production-db-new', like: 'a-production-db', tags },
    run,
  );
  expect(restored).toMatchObject({
    id: 'a-production-db-new',
    status: 'available',
    isProtected: true,
    instanceClass: 'db.t4g.small',
    port,
    tags,
  });
  const calls = fake.calls.filter(({ operation }) => operation === 'RestoreDBInstanceFromDBSnapshot');
  expect(calls[0]?.input).toMatchObject({
    DBSubnetGroupName: 'subnets',
    DBParameterGroupName: 'parameters',
    VpcSecurityGroupIds: ['sg-data'],
    PubliclyAccessible: false,
  });

  await aws.database.rename('a-production-db', 'a-production-db-old', run);
  fake.fail({ service: 'rds', operation: 'ModifyDBInstance', kind: 'reply-lost' });
  const renamed = await aws.database.rename('a-production-db-new', 'a-production-db', run);
  expect(renamed).toMatchObject({ id: 'a-production-db', status: 'available', host });
  // Done already.
  await aws.database.rename('a-production-db-new', 'a-production-db', run);
  expect(await ask('SELECT * FROM facts')).toEqual([{ fact: 'kept' }]);
  expect((await aws.database.list('a-production-', signal)).map(({ id }) => id).toSorted()).toEqual([
    'a-production-db',
    'a-production-db-old',
  ]);

  await aws.database.setPassword('a-production-db', 'canary-password', run);
  expect(await ask('SELECT 1 AS one', 'canary-password')).toEqual([{ one: 1 }]);
  await expect(ask('SELECT 1')).rejects.toThrow('password authentication failed');
  expect(lines.join('\n')).not.toContain('canary');

  await aws.database.remove('a-production-db-old', run);
  await aws.database.remove('a-production-db-old', run);
  expect(await aws.database.state('a-production-db-old', signal)).toBeUndefined();
  await aws.database.deleteSnapshot('a-production-b1', signal);
  await aws.database.deleteSnapshot('a-production-b1', signal);
  expect(await aws.database.snapshots('a-production-db', signal)).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^database a-production-db-new: /));
});

test('what is not there: no state, no pattern to restore like', async () => {
  expect(await aws.database.state('nope', signal)).toBeUndefined();
  expect(await aws.database.list('nope', signal)).toEqual([]);
  const run = { signal, log: () => undefined };
  await expect(
    aws.database.restore({ snapshot: 'nope', instance: 'new', like: 'nope', tags: {} }, run),
  ).rejects.toMatchObject({ code: 'NotDeployed' });
});

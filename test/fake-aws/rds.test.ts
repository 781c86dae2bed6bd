import {
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';
import { makeResource } from '../support/fake-aws/web-service.js';

test('a database: snapshot, restore, change of names, deletion', async () => {
  const fake = await fakeForTest();
  const rds = new RDSClient(fake.client);
  const made = await makeResource(fake.world, 'AWS::RDS::DBInstance', 'Postgres', {
    DBInstanceIdentifier: 'agent-db',
    Engine: 'postgres',
    Port: '5433',
    MasterUsername: 'agent',
    MasterUserPassword: 'first',
    DBName: 'state',
    DeletionProtection: true,
  });
  const host = String(made.attributes['Endpoint.Address']);
  expect(made).toMatchObject({ physicalId: 'agent-db', attributes: { 'Endpoint.Port': '5433' } });
  const ask = async (sql: string, password = 'first'): Promise<unknown[]> => {
    const client = new Client({ host, port: 5433, user: 'agent', password, database: 'state' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const status = async (name: string): Promise<string | undefined> =>
    (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }))).DBInstances?.[0]?.DBInstanceStatus;
  await ask('CREATE TABLE facts (fact text)');
  await ask("INSERT INTO facts VALUES ('kept')");

  await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'agent-db', DBSnapshotIdentifier: 'Before-R2' }));
  await eventually(async () => {
    const answer = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'before-r2' }));
    return answer.DBSnapshots?.[0]?.Status === 'available';
  });
  await expect(
    rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'agent-db', DBSnapshotIdentifier: 'before-r2' })),
  ).rejects.toMatchObject({ name: 'DBSnapshotAlreadyExistsFault' });
  await ask("UPDATE facts SET fact = 'spoiled'");

  await rds.send(
    new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: 'restored', DBSnapshotIdentifier: 'before-r2' }),
  );
  await eventually(async () => (await status('restored')) === 'available');
  await rds.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: 'agent-db',
      NewDBInstanceIdentifier: 'spoiled',
      ApplyImmediately: true,
    }),
  );
  await eventually(async () => (await status('spoiled')) === 'available');
  await rds.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: 'restored',
      NewDBInstanceIdentifier: 'agent-db',
      MasterUserPassword: 'second',
    }),
  );
  await eventually(async () => (await status('agent-db').catch(() => undefined)) === 'available');
  // The name has the address that it had.
  expect(await ask('SELECT * FROM facts', 'second')).toEqual([{ fact: 'kept' }]);

  const remove = new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'spoiled', FinalDBSnapshotIdentifier: 'final' });
  await expect(rds.send(remove)).rejects.toThrow('Cannot delete protected DB Instance');
  await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'spoiled', DeletionProtection: false }));
  await rds.send(remove);
  await eventually(
    async () =>
      await status('spoiled').then(
        () => false,
        (error: Error) => error.name,
      ),
  );
  await expect(status('spoiled')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
  const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'final' }));
  expect(DBSnapshots).toMatchObject([{ Status: 'available', DBInstanceIdentifier: 'spoiled' }]);
});

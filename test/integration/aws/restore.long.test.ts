import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsAppConfig } from '../../support/aws-app.js';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import { cloudAppFiles } from '../../support/cloud-app.js';
import { eventually } from '../../support/eventually.js';
import { rdsState } from '../../support/fake-aws/services/rds/rds-state.js';
import { secretsState } from '../../support/fake-aws/services/secrets-manager/secrets-state.js';
import { type CliResult, jsonLines, lastLine } from '../../support/local-cli.js';

const instance = 'story-production';
const modify = { service: 'rds', operation: 'ModifyDBInstance' } as const;
let project: AwsProject;
let url: string;
let backup: string;

const agentctl = async (args: readonly string[], input?: string): Promise<CliResult> =>
  await project.agentctl(args, input);

/** Asks the database that services know, with the password they have. */
async function sql(text: string): Promise<unknown[]> {
  const { world } = project.fake;
  const secret = world.state(secretsState).textOf(`agentctl/${instance.replace('-', '/')}/generated/postgres`) ?? '{}';
  const { password } = JSON.parse(secret) as { readonly password: string };
  const host = world.state(rdsState).addressOf(instance);
  const client = new Client({ host, port: 5433, user: 'agent', database: 'agent', password });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

const facts = async (): Promise<unknown[]> => await sql('SELECT fact FROM facts ORDER BY fact');
const instances = (): string[] => [...project.fake.world.state(rdsState).instances.keys()].toSorted();
const schema = async (): Promise<string> => await (await fetch(new URL('/schema', url))).text();

// One database: each test goes on where the one before it has left it. 100 s, of which the first deploy is 30.
describe('a restore', { shuffle: false }, () => {
  beforeAll(async () => {
    project = await openAwsProject();
    const image = await project.push(cloudAppFiles({ version: 'v1' }), ['node', 'server.js']);
    await project.write('agentctl.yaml', awsAppConfig(image));
    await agentctl(['bootstrap', '--yes']);
    await agentctl(['secrets', 'set', 'TOKEN'], 'a-token-of-nobody');
    const deployed = await agentctl(['deploy', '--yes']);
    expect(deployed.stderr).toContain('story r1 serves');
    url = lastLine(deployed.stdout);
    await sql('CREATE TABLE facts (fact text)');
    await sql("INSERT INTO facts VALUES ('kept')");
    backup = lastLine((await agentctl(['backup', 'create'])).stdout);
    await sql("UPDATE facts SET fact = 'spoiled'");
  }, 150_000);

  afterAll(async () => await project.stop());

  test('needs a yes, and a backup that is there', { timeout: 60_000 }, async () => {
    expect((await agentctl(['backup', 'restore', backup])).exitCode).toBe(2);
    const unknown = await agentctl(['backup', 'restore', 'b1', '--yes']);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(`choose one of: ${backup}`);
    expect(await facts()).toEqual(['spoiled']);
  });

  test('that is refused changes nothing', { timeout: 60_000 }, async () => {
    project.fake.fail({ service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'denied' });
    const refused = await agentctl(['backup', 'restore', backup, '--yes']);
    expect(refused.exitCode).toBe(9);
    expect(refused.stderr).toContain('allow rds:RestoreDBInstanceFromDBSnapshot');
    expect(await facts()).toEqual(['spoiled']);
    expect(instances()).toEqual([instance]);
  });

  test('that fails between the two renames is taken back', { timeout: 60_000 }, async () => {
    // Settings of the copy, its password, the database away, the copy in its place: the last one fails.
    project.fake.fail({ ...modify, kind: 'denied', skip: 3 });
    const failed = await agentctl(['backup', 'restore', backup, '--yes']);
    expect(failed.exitCode).toBe(9);
    expect(failed.stderr).toContain('r1 still serves');
    expect(await facts()).toEqual(['spoiled']);
    expect(await schema()).toBe('1');
    expect(instances()).toEqual([instance]);
  });

  test('that is killed there is brought to its end by resume', { timeout: 90_000 }, async () => {
    const renames = (): number =>
      project.fake.calls.filter(
        ({ operation, input }) =>
          operation === 'ModifyDBInstance' && JSON.stringify(input).includes('NewDBInstanceIdentifier'),
      ).length;
    const already = renames();
    const run = project.start(['backup', 'restore', backup, '--yes']);
    await eventually(() => renames() > already);
    run.signal('SIGKILL');
    await run.ended;
    const resumed = await agentctl(['resume', '--yes']);
    expect(resumed.exitCode).toBe(0);
    expect(await facts()).toEqual(['kept']);
    expect(await schema()).toBe('1');
  });

  test('keeps what it has replaced, by its name, until that is deleted', { timeout: 90_000 }, async () => {
    await sql("UPDATE facts SET fact = 'spoiled again'");
    const restored = await agentctl(['backup', 'restore', 'latest', '--yes']);
    expect(restored.exitCode).toBe(0);
    expect(await facts()).toEqual(['kept']);
    const list = jsonLines((await agentctl(['backup', 'list', '--json'])).stdout).at(-1) as {
      readonly replaced: readonly { readonly id: string; readonly backup: string }[];
    };
    expect(list.replaced.map((one) => one.backup)).toEqual([backup, backup]);
    const [newest] = list.replaced;
    expect(restored.stderr).toContain(`agentctl backup delete ${newest?.id}`);
    expect(instances()).toEqual([instance, ...list.replaced.map(({ id }) => id)].toSorted());
    expect((await agentctl(['backup', 'delete', String(newest?.id), '--yes'])).exitCode).toBe(0);
    expect(instances()).not.toContain(newest?.id);
  });

  test('is nothing that a deploy would see', { timeout: 60_000 }, async () => {
    expect((await agentctl(['deploy', '--yes'])).stderr).toContain('nothing to do');
  });
});

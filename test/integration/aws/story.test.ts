import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsAppConfig } from '../../support/aws-app.js';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import { cloudAppFiles, type CloudAppVariant } from '../../support/cloud-app.js';
import { cloudFormationState } from '../../support/fake-aws/services/cloudformation/cloudformation-state.js';
import { rdsState } from '../../support/fake-aws/services/rds/rds-state.js';
import { s3State } from '../../support/fake-aws/services/s3/s3-state.js';
import { secretsState } from '../../support/fake-aws/services/secrets-manager/secrets-state.js';
import { type CliResult, lastLine } from '../../support/local-cli.js';

const [firstToken, secondToken] = ['canary-3f9c2a71', 'canary-second-88e1'];

/** What carries secrets by its nature. */
const carriers: ReadonlySet<string> = new Set(['CreateSecret', 'PutSecretValue', 'GetSecretValue']);

let project: AwsProject;
let url: string;
const said: CliResult[] = [];

async function agentctl(args: readonly string[], input?: string): Promise<CliResult> {
  const result = await project.agentctl(args, input);
  said.push(result);
  return result;
}

async function deploy(variant: CloudAppVariant): Promise<CliResult> {
  const image = await project.push(cloudAppFiles(variant), ['node', 'server.js']);
  await project.write('agentctl.yaml', awsAppConfig(image));
  return await agentctl(['deploy', '--yes']);
}

const serving = async (): Promise<unknown> => await (await fetch(url)).json();
const schema = async (): Promise<string> => await (await fetch(new URL('/schema', url))).text();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

// One account and one first deploy: each test goes on where the one before it has left the stage.
describe('an agent on AWS', { shuffle: false }, () => {
  beforeAll(async () => {
    project = await openAwsProject();
  }, 60_000);

  afterAll(async () => await project.stop());

  test(
    'is refused while the account is not prepared, and while a secret has no value',
    { timeout: 60_000 },
    async () => {
      expect(await deploy({ version: 'v1' })).toMatchObject({ exitCode: 3 });
      const early = await agentctl(['secrets', 'set', 'TOKEN'], `${firstToken}\n`);
      expect(early.stderr).toContain('agentctl bootstrap --cloud aws');
      expect(early.exitCode).toBe(3);
      const prepared = await agentctl(['bootstrap', '--yes']);
      expect(prepared).toMatchObject({ exitCode: 0, stdout: 'agentctl-state-123456789012-eu-central-1\n' });
      const refused = await agentctl(['deploy', '--yes']);
      expect(refused.exitCode).toBe(3);
      expect(refused.stderr).toContain('secrets set TOKEN');
    },
  );

  test(
    'a first deploy migrates the database and serves, proven through the public address',
    { timeout: 150_000 },
    async () => {
      await agentctl(['secrets', 'set', 'TOKEN'], `${firstToken}\n`);
      const first = await agentctl(['deploy', '--yes']);
      expect(first.stderr).toContain('story r1 serves');
      expect(first.exitCode).toBe(0);
      url = lastLine(first.stdout);
      expect(await serving()).toEqual({ version: 'v1', release: 'r1', token: sha256(firstToken) });
      expect(await schema()).toBe('1');
    },
  );

  test('a second one has nothing to do but prove it', { timeout: 60_000 }, async () => {
    const second = await agentctl(['deploy', '--yes']);
    expect(second.stderr).toContain('nothing to do: story r1 serves what the config says');
    expect(second.exitCode).toBe(0);
  });

  test('a changed image is a change, for diff too', { timeout: 90_000 }, async () => {
    const image = await project.push(cloudAppFiles({ version: 'v2', migration: { version: 2 } }), [
      'node',
      'server.js',
    ]);
    await project.write('agentctl.yaml', awsAppConfig(image));
    expect((await agentctl(['diff', '--exit-code'])).exitCode).toBe(12);
    expect((await agentctl(['deploy', '--yes'])).exitCode).toBe(0);
    expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
    expect(await schema()).toBe('2');
  });

  test(
    'a migration that fails ends it: nothing is rolled out, the schema is as before',
    { timeout: 60_000 },
    async () => {
      const failed = await deploy({ version: 'v3', migration: { version: 3, fails: true } });
      expect(failed.exitCode).toBe(8);
      expect(failed.stderr).toContain('migration 3: relation "nowhere" does not exist');
      expect(failed.stderr).toContain('r2 still serves');
      expect(await serving()).toMatchObject({ version: 'v2' });
      expect(await schema()).toBe('2');
    },
  );

  test('a release that does not come up is taken back, and what it said is shown', { timeout: 90_000 }, async () => {
    const failed = await deploy({ version: 'v4', mode: 'crash', migration: { version: 3 } });
    expect(failed.exitCode).toBe(9);
    expect(failed.stderr).toContain('ECS Deployment Circuit Breaker was triggered');
    expect(failed.stderr).toContain('exited with code 1');
    expect(failed.stderr).toContain('app v4: cannot load the model');
    expect(failed.stderr).toContain('r2 still serves; the schema is as migration migrate left it');
    expect(await serving()).toMatchObject({ version: 'v2', release: 'r2' });
    expect((await agentctl(['releases'])).stdout).toMatch(/^r3 .* → 3 +/m);
  });

  test('rollback, run, rotate', { timeout: 120_000 }, async () => {
    expect((await agentctl(['rollback', '--yes'])).exitCode).toBe(0);
    expect(await serving()).toMatchObject({ version: 'v1' });
    const ran = await agentctl(['run', '--', 'node', '-e', 'console.log("ran"); process.exit(7)']);
    expect(ran).toMatchObject({ exitCode: 7, stdout: 'ran\n' });
    expect((await agentctl(['secrets', 'rotate', 'TOKEN', '--yes'], `${secondToken}\n`)).exitCode).toBe(0);
    expect(await serving()).toMatchObject({ token: sha256(secondToken) });
  });

  test('what was done and what runs can be seen', { timeout: 60_000 }, async () => {
    const releases = await agentctl(['releases']);
    expect(releases.stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual(
      expect.arrayContaining(['r1', 'r2']) as string[],
    );
    expect(releases.stdout).toContain('serving');
    expect((await agentctl(['status'])).stdout).toMatch(/api +1\/1/);
    expect((await agentctl(['logs', 'api'])).stdout).toContain('app v1: listens');
  });

  test('backups; destroy keeps the data until it is told not to', { timeout: 120_000 }, async () => {
    const backup = await agentctl(['backup', 'create']);
    expect(backup.exitCode).toBe(0);
    expect((await agentctl(['backup', 'list'])).stdout).toContain(lastLine(backup.stdout));
    const kept = await agentctl(['destroy', '--yes']);
    expect(kept.exitCode).toBe(0);
    expect(kept.stdout).toContain('the foundation stack of story');
    const gone = await agentctl(['destroy', '--delete-data', '--yes']);
    expect(gone.exitCode).toBe(0);
    const { world } = project.fake;
    const stacks = [...world.state(cloudFormationState).stacks.values()];
    expect(stacks.filter(({ status }) => status !== 'DELETE_COMPLETE').map(({ name }) => name)).toEqual([
      'agentctl-bootstrap',
    ]);
    expect(world.state(rdsState).instances.size).toBe(0);
    expect((await agentctl(['destroy', '--delete-data', '--yes'])).stdout).toContain('nothing to destroy');
  });

  test('no secret is anywhere but in Secrets Manager', async () => {
    const { fake, directory } = project;
    const calls = fake.calls.filter(({ operation }) => !carriers.has(operation));
    const journals = await textsIn(join(directory, '.agentctl'));
    const objects = [...fake.world.state(s3State).buckets.values()].flatMap((bucket) =>
      [...bucket.objects.values()].flat().map(({ body }) => body.toString('utf8')),
    );
    expect(objects.length).toBeGreaterThan(0);
    const seen = [...objects, JSON.stringify(calls), ...said.map(({ stdout, stderr }) => stdout + stderr), ...journals];
    const generated = [...fake.world.state(secretsState).secrets.values()].flatMap(({ versions }) =>
      [...versions.values()].flatMap(({ text }) => /"password":"([^"]+)"/.exec(text ?? '')?.[1] ?? []),
    );
    expect(generated.length).toBeGreaterThan(0);
    expect(journals.length).toBeGreaterThan(0);
    const leaks = [firstToken, secondToken, ...generated].flatMap((secret) =>
      seen
        .filter((text) => text.includes(secret))
        .map((text) => text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret))),
    );
    expect(leaks).toEqual([]);
  });
});

/** Contents of all files below a directory. */
async function textsIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map(async (file) => await readFile(file, 'utf8')));
}

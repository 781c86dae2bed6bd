import { execa } from 'execa';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stackKinds, stateBucketName, stateKeys } from '../../../../stacks/gcp/naming.js';
import { containerSecrets } from '../../../../stacks/spec/index.js';
import { fakeForTest } from '../../../support/fake-gcp/fake-for-test.js';
import { storageState } from '../../../support/fake-gcp/services/storage/storage-state.js';
import { startFakeGoogleProvider } from '../../../support/fake-google-provider/start-fake-google-provider.js';
import { gcpSpec, synthesizedStage } from '../../../support/gcp/synthesized-stage.js';
import { startPlainCloud } from '../../../support/terraform/plain-cloud.js';
import { everyFile, hasTerraform } from './terraform-on-data.js';

const project = 'my-project';
const spec = gcpSpec('examples/state-management-demo/agentctl.yaml');
const password = 'canary-Password-Bd7Kq2Xw9Mn4';
const values = Object.fromEntries(containerSecrets(spec).map((name) => [name, `canary-${name}-Hs5Vt8Zc3Lp6`]));

/** Real terraform, its states in a bucket of the fake cloud, on a stand-in for Google's provider. */
async function openStage() {
  const fake = await fakeForTest({ project, region: 'us-central1' });
  fake.world.state(storageState).createBucket(stateBucketName(project), { versioning: { enabled: true } });
  const cloud = await startPlainCloud();
  const root = join(fake.world.directory, 'terraform');
  const provider = await startFakeGoogleProvider({ url: cloud.url, configurations: () => [root] });
  onTestFinished(async () => void (await Promise.all([cloud.stop(), provider.stop()])));
  const said: string[] = [];
  const terraform = async (directory: string, ...words: string[]): Promise<string> => {
    const { exitCode, stdout, all } = await execa('terraform', [...words, '-no-color'], {
      cwd: directory,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: root,
        CHECKPOINT_DISABLE: '1',
        ...fake.environment(),
        ...provider.environment,
        // Of whoever deploys: what Terraform is given, and what it is not.
        ...values,
        TF_VAR_postgres_password: password,
      },
      extendEnv: false,
      reject: false,
      all: true,
    });
    expect(exitCode, all).toBe(0);
    said.push(all);
    return stdout;
  };
  return {
    fake,
    cloud,
    root,
    said,
    terraform,
    async prepare(name: string, configuration: object) {
      const directory = join(root, name);
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'cdk.tf.json'), JSON.stringify(configuration));
      await terraform(directory, 'init', '-input=false');
      return directory;
    },
    async plan(directory: string) {
      await terraform(directory, 'plan', '-input=false', '-out=plan.bin');
      return await terraform(directory, 'show', '-json', 'plan.bin');
    },
  };
}

/** Which canaries are in a text, as they are or in base64. */
function canariesIn(text: string): readonly string[] {
  return [password, ...Object.values(values)].filter(
    (value) => text.includes(value) || text.includes(Buffer.from(value).toString('base64').slice(0, -3)),
  );
}

test.skipIf(!hasTerraform)('no secret is in a configuration, a plan or a state of any of the three', async () => {
  const stage = await openStage();
  const { cloud, fake, root, terraform } = stage;
  const stacks = synthesizedStage(spec, 'production', { release: 'r1' });
  expect(Object.keys(values).length).toBeGreaterThan(0);

  for (const kind of stackKinds) {
    const directory = await stage.prepare(kind, stacks[kind]?.configuration ?? {});
    const plan = await stage.plan(directory);
    expect(JSON.parse(plan)).toMatchObject({ complete: true, errored: false });
    expect(canariesIn(plan)).toEqual([]);
    // Terraform wants the value again, as the plan has none.
    await terraform(directory, 'apply', '-input=false', 'plan.bin');
    const state = await terraform(directory, 'state', 'pull');
    expect(JSON.parse(state)).toMatchObject({ resources: expect.arrayContaining([expect.anything()]) as unknown });
    expect(canariesIn(state)).toEqual([]);
    const kept = fake.world.state(storageState).bucket(stateBucketName(project)).live;
    const object = kept.get(`${stateKeys.terraform({ name: spec.name, stage: 'production' }, kind)}/default.tfstate`);
    expect(canariesIn(object?.data.toString() ?? password)).toEqual([]);
  }

  const files = [...everyFile(root)];
  expect(files.some(([name, text]) => name.endsWith('plan.bin') && text.includes('google_sql_user'))).toBe(true);
  expect(files.filter(([, text]) => canariesIn(text).length > 0).map(([name]) => name)).toEqual([]);
  expect(stage.said.flatMap(canariesIn)).toEqual([]);

  // It arrived, once, where Google takes it and Terraform forgets it.
  const writeOnly = cloud.requests.flatMap(({ type, body }) =>
    Object.entries(body.writeOnly ?? {}).map(([name, value]) => [type, name, value]),
  );
  expect(writeOnly).toEqual([['google_sql_user', 'password_wo', password]]);
  expect(canariesIn(JSON.stringify(cloud.requests.map(({ body }) => [body.attributes, body.prior])))).toEqual([]);
});

test.skipIf(!hasTerraform)('one that Terraform keeps would be found', async () => {
  const stage = await openStage();
  const directory = await stage.prepare('kept', {
    terraform: { required_providers: { google: { source: 'hashicorp/google' } } },
    variable: { postgres_password: { type: 'string', sensitive: true } },
    resource: { google_sql_user: { PostgresUser: { name: 'agent', password: '${var.postgres_password}' } } },
  });

  expect(canariesIn(await stage.plan(directory))).toEqual([password]);
  expect([...everyFile(directory)].filter(([, text]) => canariesIn(text).length > 0).map(([name]) => name)).toEqual([
    join(directory, 'plan.bin'),
  ]);
});

import { execa } from 'execa';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import { storageState } from '../support/fake-gcp/services/storage/storage-state.js';

const hasTerraform = (process.env['PATH'] ?? '').split(delimiter).some((at) => existsSync(join(at, 'terraform')));
if (!hasTerraform) console.warn('skipped: terraform is not on the PATH');

test.skipIf(!hasTerraform)('Terraform keeps its state in a bucket, and sees the lock of somebody else', async () => {
  const fake = await fakeForTest();
  const { createBucket, bucket, put } = fake.world.state(storageState);
  createBucket('state', { versioning: { enabled: true } });
  const directory = join(fake.world.directory, 'configuration');
  mkdirSync(directory);
  const configuration = {
    terraform: { backend: { gcs: { bucket: 'state', prefix: 'agent/test/terraform/foundation' } } },
    resource: { terraform_data: { one: { input: 'x' } } },
  };
  writeFileSync(join(directory, 'main.tf.json'), JSON.stringify(configuration));
  const terraform = async (...words: string[]) =>
    await execa('terraform', [...words, '-input=false', '-no-color'], {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', HOME: directory, CHECKPOINT_DISABLE: '1', ...fake.environment() },
      extendEnv: false,
      reject: false,
      all: true,
    });
  expect(await terraform('init')).toMatchObject({ exitCode: 0 });
  const first = await terraform('apply', '-auto-approve');
  expect(first.exitCode, first.all).toBe(0);
  const base = 'agent/test/terraform/foundation/default';
  const state = bucket('state').live.get(`${base}.tfstate`);
  expect(JSON.parse(state?.data.toString() ?? '{}')).toMatchObject({ resources: [{ type: 'terraform_data' }] });
  expect(bucket('state').live.has(`${base}.tflock`)).toBe(false);

  put(
    bucket('state'),
    `${base}.tflock`,
    Buffer.from(JSON.stringify({ ID: '1', Who: 'somebody@else', Operation: 'Apply' })),
  );
  const locked = await terraform('apply', '-auto-approve');
  expect(locked.exitCode).toBe(1);
  expect(locked.all).toMatch(/Error acquiring the state lock/);
  expect(locked.all).toContain('somebody@else');
});

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cdkApp } from '../../support/fake-aws/cdk-app.js';
import { fakeForTest } from '../../support/fake-aws/fake-for-test.js';
import { ssmState } from '../../support/fake-aws/services/ssm/ssm-state.js';

const cdk = join(resolve(import.meta.dirname, '../../..'), 'node_modules/aws-cdk/bin/cdk');

test('the plain cdk command deploys, diffs and destroys', async () => {
  const fake = await fakeForTest();
  const stateBucket = 'agentctl-state';
  await new S3Client(fake.client).send(new CreateBucketCommand({ Bucket: stateBucket }));
  const run = async (value: string, ...argv: string[]) => {
    const app = await cdkApp({ stateBucket, value });
    const common = ['--app', app, '--ci', '--no-color', '--no-notices', '--no-version-reporting'];
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, ...fake.environment(), CDK_DISABLE_CLI_TELEMETRY: 'true' };
    return execa(process.execPath, [cdk, ...argv, ...common], {
      env,
      extendEnv: false,
      cwd: fake.world.directory,
      all: true,
      reject: false,
    });
  };
  const values = () => [...fake.world.state(ssmState).values()].map(({ value }) => value);
  const first = await run('one', 'deploy', '--all', '--require-approval', 'never');
  expect(first.exitCode, first.all).toBe(0);
  expect(values()[0]).toBe('one');
  const diff = await run('two', 'diff', '--fail');
  expect(diff.exitCode, diff.all).toBe(1);
  expect(diff.all).toMatch(/\[~\] AWS::SSM::Parameter/);
  fake.failResource({ resource: 'AWS::SSM::Parameter', action: 'update', reason: 'not today' });
  const failed = await run('two', 'deploy', '--all', '--require-approval', 'never');
  expect(failed.exitCode, failed.all).toBe(1);
  expect(failed.all).toContain('not today');
  expect(values()[0]).toBe('one');
  const last = await run('two', 'destroy', '--all', '--force');
  expect(last.exitCode, last.all).toBe(0);
  expect(values()).toEqual([]);
});

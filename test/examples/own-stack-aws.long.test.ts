import { cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { policyFindings, type Template } from '../../stacks/aws/policy/index.js';
import { installPacked } from '../support/packed-package.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const repository = resolve(import.meta.dirname, '../..');
/** Optional peers of agentctl, which a team has in its own versions; the app's compiler and types. */
const linked = ['aws-cdk-lib', 'constructs', '@types/node', 'undici-types'];

test('a plain CDK app takes three constructs from the packed tarball', async () => {
  const directory = await temporaryDirectory();
  const app = join(directory, 'app');
  await cp(join(repository, 'examples/own-stack-aws'), app, { recursive: true });
  await installPacked(directory, app, linked);

  await execa(join(repository, 'node_modules/.bin/tsc'), [], { cwd: app });
  await execa(process.execPath, ['dist/app.js'], { cwd: app, env: { CDK_OUTDIR: join(app, 'cdk.out') } });

  const template = JSON.parse(await readFile(join(app, 'cdk.out/Chat.template.json'), 'utf8')) as Template;
  const types = Object.values(template.Resources ?? {}).map(({ Type }) => Type);
  expect(types).toEqual(
    expect.arrayContaining([
      'AWS::EC2::VPC',
      'AWS::RDS::DBInstance',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'AWS::ECS::TaskDefinition',
      'AWS::ECS::Service',
    ]),
  );
  expect(template.Resources).toMatchObject({
    Postgres: { Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'RetainExceptOnCreate' },
  });
  expect(policyFindings(template)).toEqual([]);
});

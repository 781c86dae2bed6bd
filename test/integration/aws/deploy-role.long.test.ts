import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsAppConfig } from '../../support/aws-app.js';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import { cloudAppFiles } from '../../support/cloud-app.js';
import { iamState } from '../../support/fake-aws/services/iam/iam-state.js';
import { type CliResult, lastLine } from '../../support/local-cli.js';

const subject = 'repo:acme/story:environment:production';
let project: AwsProject;

/** With exit code 0. */
async function agentctl(args: readonly string[], input?: string): Promise<CliResult> {
  const result = await project.agentctl(args, input);
  expect(result.exitCode, result.stderr).toBe(0);
  return result;
}

async function deploy(version: number): Promise<void> {
  const files = cloudAppFiles({ version: `v${version}`, migration: { version } });
  await project.write('agentctl.yaml', awsAppConfig(await project.push(files, ['node', 'server.js'])));
  await agentctl(['deploy', '--yes']);
}

// What a workflow does with the role that `bootstrap --github` makes: the fake evaluates its policies.
describe('the deploy role of GitHub', { shuffle: false }, () => {
  beforeAll(async () => {
    project = await openAwsProject();
    const image = await project.push(cloudAppFiles({ version: 'v0' }), ['node', 'server.js']);
    await project.write('agentctl.yaml', awsAppConfig(image));
    const github = ['--github', 'acme/story', '--environment', 'production'];
    const prepared = await agentctl(['bootstrap', '--yes', ...github]);
    expect(prepared.stderr).toContain(`a deploy role that GitHub gives to ${subject}, for stacks story-*`);
  });

  afterAll(async () => await project.stop());

  test('is for exactly one environment of one repository', () => {
    const [role] = [...project.fake.world.state(iamState).roles.values()];
    expect(JSON.parse(role?.trustPolicy ?? '')).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: {
            Federated: expect.stringContaining('oidc-provider/token.actions.githubusercontent.com') as string,
          },
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': subject,
            },
          },
        },
      ],
    });
    project.become(role?.arn ?? '');
  });

  test('suffices for secrets, deploys, rollback and rotation', async () => {
    await agentctl(['secrets', 'set', 'TOKEN'], 'canary-of-the-role\n');
    await deploy(1);
    await deploy(2);
    await agentctl(['rollback', '--yes']);
    await agentctl(['secrets', 'rotate', 'TOKEN', '--yes'], 'canary-of-the-role-2\n');
  });

  test('suffices to look at everything, and to run a command', async () => {
    for (const argv of [['doctor'], ['status'], ['releases'], ['logs', 'api'], ['diff'], ['secrets', 'list']]) {
      await agentctl(argv);
    }
    await agentctl(['run', '--', 'node', '-e', '1']);
    const missing = await project.agentctl(['run', '--', 'no-such-program']);
    expect(missing).toMatchObject({ exitCode: 127, stdout: '' });
    expect(missing.stderr).toContain('no-such-program: not found in the image');
    await agentctl(['migrate', '--yes']);
  });

  test('suffices for backups and their restore', async () => {
    const backup = lastLine((await agentctl(['backup', 'create'])).stdout);
    await agentctl(['backup', 'restore', backup, '--yes']);
    await agentctl(['backup', 'list']);
  });

  test('may neither change what was prepared nor another agent', async () => {
    const again = await project.agentctl([
      'bootstrap',
      '--yes',
      '--github',
      'evil/fork',
      '--environment',
      'production',
    ]);
    expect(again.exitCode).toBe(3);
    expect(again.stderr).toContain('is not authorized to perform');
    const config = awsAppConfig(await project.push(cloudAppFiles({ version: 'v3' }), ['node', 'server.js']));
    await project.write('agentctl.yaml', config.replace('name: story', 'name: other'));
    await project.agentctl(['secrets', 'set', 'TOKEN'], 'canary-of-another\n');
    expect((await project.agentctl(['deploy', '--yes'])).stderr).toContain('cloudformation:');
    await project.write('agentctl.yaml', config);
  });

  test('suffices to take everything away', async () => {
    await agentctl(['destroy', '--yes']);
    await agentctl(['destroy', '--delete-data', '--yes']);
  });
});

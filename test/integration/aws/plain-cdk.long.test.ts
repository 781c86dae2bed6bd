import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { ECS, waitUntilTasksStopped } from '@aws-sdk/client-ecs';
import { RDS } from '@aws-sdk/client-rds';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsAppConfig } from '../../support/aws-app.js';
import { type AwsProject, openAwsProject } from '../../support/aws-project.js';
import { cloudAppFiles } from '../../support/cloud-app.js';
import { clientOptions } from '../../support/fake-aws/fake-for-test.js';
import { plainEnvironment } from '../../support/local-cli.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const root = resolve(import.meta.dirname, '../../..');
const cdkProgram = join(root, 'node_modules/aws-cdk/bin/cdk');
const stacks = ['foundation', 'migrations', 'service'].map((kind) => `story-production-${kind}`);
const [foundation = '', migrations = '', service = ''] = stacks;
const token = 'canary-of-the-plain-cdk';

let project: AwsProject;
let output: string;

async function cdk(argv: readonly string[], options: { readonly cwd: string; readonly env?: Record<string, string> }) {
  return await execa(process.execPath, [cdkProgram, ...argv, '--ci', '--no-color', '--no-notices'], {
    cwd: options.cwd,
    extendEnv: false,
    env: {
      ...plainEnvironment(join(project.directory, '../home')),
      ...project.fake.environment(),
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // Seconds of each run; `agentctl synth` looks at the same templates.
      CDK_VALIDATION: 'false',
      ...options.env,
    },
    all: true,
    reject: false,
  });
}

/** `cdk … --app OUTPUT`, from elsewhere. */
async function onOutput(...argv: string[]) {
  return await cdk([...argv, '--app', output], { cwd: project.directory });
}

/** Contents of the templates in a cloud assembly. */
async function templatesIn(directory: string): Promise<Record<string, unknown>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.template.json'));
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(directory, name), 'utf8'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

// What a team does that leaves agentctl, or that has `cdk` in its pipeline; each test goes on where the last has ended.
describe('the plain cdk command', { shuffle: false }, () => {
  let outputs: Record<string, string>;

  beforeAll(async () => {
    project = await openAwsProject();
    output = join(project.directory, 'out');
    const image = await project.push(cloudAppFiles({ version: 'v1' }), ['node', 'server.js']);
    await project.write('agentctl.yaml', awsAppConfig(image));
    for (const argv of [
      ['bootstrap', '--yes'],
      ['synth', '-o', output],
    ]) {
      const { exitCode, stderr } = await project.agentctl(argv);
      expect(exitCode, stderr).toBe(0);
    }
  });

  afterAll(async () => await project.stop());

  test.each([
    ['the agent of this test', () => join(project.directory, 'agentctl.yaml'), () => output],
    ['examples/state-management-demo', () => join(root, 'examples/state-management-demo/agentctl.yaml'), undefined],
  ] as const)('synthesizes the templates of agentctl by cdk.json: %s', async (_which, file, synthesized) => {
    const [plain, ours] = [await temporaryDirectory(), synthesized?.() ?? (await temporaryDirectory())];
    if (synthesized === undefined) await project.agentctl(['synth', '-f', file(), '-o', ours]);
    const env = { AGENTCTL_FILE: file(), AGENTCTL_STAGE: 'production' };
    const made = await cdk(['synth', '--quiet', '--output', plain], { cwd: root, env });
    expect(made.exitCode, made.all).toBe(0);
    const templates = await templatesIn(plain);
    expect(Object.keys(templates)).toHaveLength(3);
    expect(await templatesIn(ours)).toEqual(templates);
  });

  test('deploys the foundation of `agentctl synth`, with the secrets that its README names', async () => {
    const secrets = new SecretsManager(clientOptions(project.fake));
    for (const { name, text } of await secretsOfReadme({ generated: 'Aa1-of-the-plain-cdk' })) {
      await secrets.createSecret({ Name: name, SecretString: text, KmsKeyId: 'alias/agentctl' });
    }
    const deployed = await onOutput('deploy', foundation, '--require-approval', 'never');
    expect(deployed.exitCode, deployed.all).toBe(0);
    outputs = await outputsOf(foundation);
    for (const { name, text } of await secretsOfReadme({ generated: 'Aa1-of-the-plain-cdk', outputs })) {
      await secrets.createSecret({ Name: name, SecretString: text, KmsKeyId: 'alias/agentctl' });
    }
  });

  test('deploys the rest, the migration between', async () => {
    const prepared = await onOutput('deploy', migrations, '--require-approval', 'never');
    expect(prepared.exitCode, prepared.all).toBe(0);
    const { MigrationMigrateTaskDefinition: taskDefinition } = await outputsOf(migrations);
    const { ClusterName: cluster = '', AppSubnetIds = '', TaskSecurityGroupId = '' } = outputs;
    const ecs = new ECS(clientOptions(project.fake));
    const awsvpcConfiguration = { subnets: AppSubnetIds.split(','), securityGroups: [TaskSecurityGroupId] };
    const { tasks: [task] = [] } = await ecs.runTask({
      cluster,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration },
    });
    const tasks = [task?.taskArn ?? ''];
    await waitUntilTasksStopped({ client: ecs, minDelay: 1, maxWaitTime: 60 }, { cluster, tasks });
    const { tasks: [ended] = [] } = await ecs.describeTasks({ cluster, tasks });
    expect(ended?.containers?.[0]?.exitCode).toBe(0);

    const deployed = await onOutput('deploy', '--all', '--require-approval', 'never');
    expect(deployed.exitCode, deployed.all).toBe(0);
    const { Url = '' } = outputs;
    expect(await (await fetch(new URL('/schema', Url))).text()).toBe('1');
    expect(await (await fetch(Url)).json()).toMatchObject({ version: 'v1' });
    expect(deployed.all).not.toContain(token);
  });

  test('finds no difference, and one after a change', async () => {
    const same = await onOutput('diff', '--all', '--fail');
    expect(same.exitCode, same.all).toBe(0);
    expect(same.all).toContain('Number of stacks with differences: 0');

    const image = await project.push(cloudAppFiles({ version: 'v2' }), ['node', 'server.js']);
    await project.write('agentctl.yaml', awsAppConfig(image));
    await project.agentctl(['synth', '-o', output]);
    const other = await onOutput('diff', '--all', '--fail');
    expect(other.exitCode, other.all).toBe(1);
    expect(other.all).toContain('Number of stacks with differences: 2');
    const deployed = await onOutput('deploy', '--all', '--require-approval', 'never');
    expect(deployed.exitCode, deployed.all).toBe(0);
    expect(await (await fetch(outputs['Url'] ?? '')).json()).toMatchObject({ version: 'v2' });
  });

  test('destroys services and migrations; the foundation when the file gives it up and its data was deleted', async () => {
    const destroyed = await onOutput('destroy', migrations, service, '--force');
    expect(destroyed.exitCode, destroyed.all).toBe(0);
    expect((await onOutput('destroy', '--all', '--force')).all).toContain('TerminationProtection');

    const config = await readFile(join(project.directory, 'agentctl.yaml'), 'utf8');
    await project.write('agentctl.yaml', config.replace('aws: {', 'aws: { deletionProtection: false,'));
    await project.agentctl(['synth', '-o', output]);
    const lifted = await onOutput('deploy', foundation, '--require-approval', 'never');
    expect(lifted.exitCode, lifted.all).toBe(0);
    await new RDS(clientOptions(project.fake)).deleteDBInstance({
      DBInstanceIdentifier: outputs['PostgresInstanceId'],
      FinalDBSnapshotIdentifier: 'the-last-one',
    });
    const gone = await onOutput('destroy', '--all', '--force');
    expect(gone.exitCode, gone.all).toBe(0);
  });
});

async function outputsOf(stack: string): Promise<Record<string, string>> {
  const { Stacks: [found] = [] } = await new CloudFormation(clientOptions(project.fake)).describeStacks({
    StackName: stack,
  });
  return Object.fromEntries(
    (found?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/** Reads the README as its reader does: without outputs what is there first, with them what comes after the foundation. */
async function secretsOfReadme({
  generated,
  outputs: known,
}: {
  readonly generated: string;
  readonly outputs?: Readonly<Record<string, string>>;
}): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const readme = await readFile(join(output, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/^- `(agentctl\/[^`]+)`: (the value, as plain text|(?:JSON )?`([^`]+)`.*)$/gm)];
  return lines.flatMap(([, name = '', , template]) => {
    const isComposed = name.includes('/composed/');
    if (isComposed !== (known !== undefined)) return [];
    const text = (template ?? token)
      .replace('…', generated)
      .replaceAll(/\$\{generated\.\w+\.password\}/g, generated)
      .replaceAll(/\$\{output\.(\w+)\}/g, (_match, output: string) => known?.[output] ?? '');
    return [{ name, text }];
  });
}

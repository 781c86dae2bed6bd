import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { credentials } from './fake-aws/credentials.js';
import { type FakeAws, startFakeAws } from './fake-aws/fake-aws.js';
import { clientOptions } from './fake-aws/fake-for-test.js';
import { permissions } from './fake-aws/permissions/permissions.js';
import { pushDirectoryAsImage } from './cloud/registry/push-directory.js';
import { type CliOptions, type CliResult, type CliRun, plainEnvironment, startCli } from './local-cli.js';

/** Where images of these tests are pushed before the agent has a repository of its own. */
const sharedRepository = 'tests/agent';

/** A directory with an agent, a fake AWS, and the real CLI between them. */
export interface AwsProject {
  readonly fake: FakeAws;
  readonly directory: string;
  write(path: string, content: string): Promise<void>;
  /** Makes an image of these files and pushes it; returns `registry/repository@sha256:…`. */
  push(files: Readonly<Record<string, string>>, command: readonly string[]): Promise<string>;
  /** `agentctl ARGS --cloud aws -C DIRECTORY`, to its end. */
  agentctl(args: readonly string[], input?: string): Promise<CliResult>;
  start(args: readonly string[], input?: string): CliRun;
  /** From now on the CLI has keys of this role, whose policies are evaluated. */
  become(roleArn: string): void;
  stop(): Promise<void>;
}

/** Starts a fake AWS with an empty account, and makes an empty project. `limitSeconds`: of each run of the CLI. */
export async function openAwsProject({ limitSeconds }: Pick<CliOptions, 'limitSeconds'> = {}): Promise<AwsProject> {
  const fake = await startFakeAws();
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-aws-')));
  const [home, directory] = [join(root, 'home'), join(root, 'agent')];
  await mkdir(home);
  await mkdir(directory);
  let environment: Record<string, string> = {
    ...plainEnvironment(home),
    ...fake.environment(),
    AGENTCTL_AWS_POLL_SECONDS: '0.1',
  };
  const ecr = new ECR(clientOptions(fake));
  let hasRepository = false;
  const write = async (base: string, path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  };
  const start = (args: readonly string[], input?: string): CliRun => {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const all = [...args.slice(0, end), '--cloud', 'aws', '-C', directory, ...args.slice(end)];
    const given = {
      ...(input === undefined ? {} : { input }),
      ...(limitSeconds === undefined ? {} : { limitSeconds }),
    };
    return startCli(all, { workingDirectory: root, environment, ...given });
  };
  return {
    fake,
    directory,
    write: async (path, content) => await write(directory, path, content),
    async push(files, command) {
      if (!hasRepository) await ecr.createRepository({ repositoryName: sharedRepository });
      hasRepository = true;
      const { authorizationData = [] } = await ecr.getAuthorizationToken({});
      const [login] = authorizationData;
      const password = Buffer.from(login?.authorizationToken ?? '', 'base64')
        .toString('utf8')
        .replace(/^AWS:/, '');
      const host = new URL(login?.proxyEndpoint ?? '').host;
      const source = await mkdtemp(join(root, 'image-'));
      for (const [path, content] of Object.entries(files)) await write(source, path, content);
      const registry = { host, username: 'AWS', password };
      const pushed = { registry, repository: sharedRepository, directory: source, config: { command } };
      return `${host}/${sharedRepository}@${await pushDirectoryAsImage(pushed)}`;
    },
    start,
    become(roleArn) {
      fake.world.state(permissions).evaluate(roleArn);
      const { accessKeyId, secretAccessKey } = fake.world.state(credentials).issue(roleArn, 'ASIA');
      environment = { ...environment, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    },
    agentctl: async (args, input) => await start(args, input).ended,
    async stop() {
      ecr.destroy();
      await fake.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AwsProject, openAwsProject } from '../aws-project.js';
import { fakeTiming } from '../fake-aws/fake-timing.js';
import { type Canary, canarySecrets, rotatedSecret } from '../faults/canaries.js';
import { type Prober, startProber } from '../faults/prober.js';
import { type CliResult, type CliRun, plainEnvironment, startCli } from '../local-cli.js';
import { awsFaultConfig, awsFaultFiles } from './aws-fault-agent.js';
import { runInProcess } from './in-process-cli.js';

export interface AwsRunOptions {
  readonly input?: string | undefined;
  readonly onLine?: (line: string) => void;
}

/** A stage on a fake AWS that faults happen to, with requests going on all the time. */
export interface AwsFaultStage {
  readonly project: AwsProject;
  readonly prober: Prober;
  /** Number of the newest version that was written. */
  readonly version: number;
  /** Pushes the image of a version that was not there before, and names it in agentctl.yaml. */
  nextVersion(): Promise<void>;
  /** Names the image of an earlier version again. */
  returnTo(version: number): Promise<void>;
  /** Values that must be seen nowhere. */
  canaries(): readonly Canary[];
  readonly rotatedValue: string;
  nextRotatedValue(): void;
  /** A command, in this process. */
  run(args: readonly string[], options?: AwsRunOptions): Promise<CliResult>;
  /** The same as a process, with further environment. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>, input?: string): CliRun;
  remove(): Promise<void>;
}

/** Opens a stage on an account that is bootstrapped; nothing is deployed to it yet. */
export async function openAwsFaultStage(): Promise<AwsFaultStage> {
  const project = await openAwsProject();
  const home = join(dirname(project.directory), 'fault-home');
  await mkdir(home, { recursive: true });
  const environment = { ...plainEnvironment(home), ...project.fake.environment(), AGENTCTL_AWS_POLL_SECONDS: '0.15' };
  // Hundreds of cells: what goes on beside one shall not take most of the machine.
  Object.assign(project.fake.world.state(fakeTiming), { healthCheckMilliseconds: 200, serviceMilliseconds: 50 });
  // Libraries of AWS read it in this process as well.
  Object.assign(process.env, project.fake.environment());
  const prober = startProber(3);
  const images = new Map<number, string>();
  const rotated: Canary[] = [];
  let version = 0;
  const withPlace = (args: readonly string[]): readonly string[] => [
    ...args,
    '--cloud',
    'aws',
    '-C',
    project.directory,
  ];
  const use = async (one: number): Promise<void> =>
    await project.write('agentctl.yaml', awsFaultConfig(images.get(one) ?? ''));
  const stage: AwsFaultStage = {
    project,
    prober,
    get version() {
      return version;
    },
    async nextVersion() {
      version += 1;
      images.set(version, await project.push(awsFaultFiles(version), ['node', 'app.mjs']));
      await use(version);
    },
    returnTo: use,
    canaries: () => [...canarySecrets, ...rotated],
    get rotatedValue() {
      return rotated.at(-1)?.value ?? '';
    },
    nextRotatedValue() {
      rotated.push({ name: rotatedSecret, value: `tk${randomBytes(6).toString('base64url')}` });
    },
    run: async (args, options = {}) =>
      await runInProcess(withPlace(args), { workingDirectory: project.directory, environment, ...options }),
    start: (args, more = {}, input) =>
      startCli(withPlace(args), {
        workingDirectory: project.directory,
        environment: { ...environment, ...more },
        ...(input === undefined ? {} : { input }),
      }),
    async remove() {
      prober.point(undefined);
      await prober.stop();
      await project.stop();
    },
  };
  return stage;
}

/** Runs a command that has to succeed. */
export async function mustRun(stage: AwsFaultStage, args: readonly string[], input?: string): Promise<CliResult> {
  const result = await stage.run(args, { input });
  if (result.exitCode === 0) return result;
  throw new Error(`agentctl ${args.join(' ')} exited ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
}

/** Bootstraps the account, sets the secrets and deploys a first version. */
export async function deployFirst(stage: AwsFaultStage): Promise<void> {
  await mustRun(stage, ['bootstrap', '--yes']);
  await stage.nextVersion();
  await setSecrets(stage);
  stage.prober.point((await mustRun(stage, ['deploy', '--yes'])).stdout.trim());
}

/** Gives every declared secret its value. */
export async function setSecrets(stage: AwsFaultStage): Promise<void> {
  for (const { name, value } of canarySecrets) await mustRun(stage, ['secrets', 'set', name], value);
}

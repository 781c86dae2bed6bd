import { randomBytes } from 'node:crypto';
import type { Fault } from '../cloud/fault.js';
import type { RecordedCall } from '../cloud/recorded-call.js';
import { type Canary, canarySecrets, rotatedSecret } from '../faults/canaries.js';
import { type Prober, startProber } from '../faults/prober.js';
import { type CliResult, type CliRun, startCli } from '../local-cli.js';
import type { CloudSnapshot } from './cloud-snapshot.js';
import { runInProcess } from './in-process-cli.js';

export interface CloudRunOptions {
  readonly input?: string | undefined;
  readonly onLine?: (line: string) => void;
}

/** What a fault table needs of a fake cloud with a project in it. */
export interface FaultCloud {
  readonly name: 'aws' | 'gcp';
  /** Of the project. */
  readonly directory: string;
  /** The whole environment of a command. */
  readonly environment: Readonly<Record<string, string>>;
  /** No run waits that long for anything, also on a machine that is busy with something else: it hangs. */
  readonly boundSeconds: number;
  readonly calls: readonly RecordedCall[];
  readonly fail: (fault: Fault) => () => void;
  /** Pushes the image of a version and returns its reference. */
  push(version: number): Promise<string>;
  /** Names an image in agentctl.yaml. */
  use(image: string): Promise<void>;
  snapshot(prober: Prober): Promise<CloudSnapshot>;
  /** A run in this process has left its lock: makes it one of a process that has ended since. */
  orphanLock(): void;
  /** After `destroy --delete-data`: forgets what a first deploy would find of the one before. */
  forget(): void;
  stop(): Promise<void>;
}

/** A stage on a fake cloud that faults happen to, with requests going on all the time. */
export interface CloudFaultStage {
  readonly cloud: FaultCloud;
  readonly prober: Prober;
  /** Number of the newest version that was written. */
  readonly version: number;
  /** Pushes the image of a version that was not there before, and names it in agentctl.yaml. */
  nextVersion(): Promise<void>;
  /** Values that must be seen nowhere. */
  canaries(): readonly Canary[];
  readonly rotatedValue: string;
  nextRotatedValue(): void;
  snapshot(): Promise<CloudSnapshot>;
  /** A command, in this process. */
  run(args: readonly string[], options?: CloudRunOptions): Promise<CliResult>;
  /** The same as a process, with further environment. */
  start(args: readonly string[], environment?: Readonly<Record<string, string>>, input?: string): CliRun;
  remove(): Promise<void>;
}

/** A stage on a cloud; nothing is deployed to it yet. */
export function cloudFaultStage(cloud: FaultCloud): CloudFaultStage {
  const { directory, environment } = cloud;
  const prober = startProber(3);
  const rotated: Canary[] = [];
  let version = 0;
  const withPlace = (args: readonly string[]): readonly string[] => [...args, '--cloud', cloud.name, '-C', directory];
  return {
    cloud,
    prober,
    get version() {
      return version;
    },
    async nextVersion() {
      version += 1;
      await cloud.use(await cloud.push(version));
    },
    canaries: () => [...canarySecrets, ...rotated],
    get rotatedValue() {
      return rotated.at(-1)?.value ?? '';
    },
    nextRotatedValue() {
      rotated.push({ name: rotatedSecret, value: `tk${randomBytes(6).toString('base64url')}` });
    },
    snapshot: async () => await cloud.snapshot(prober),
    run: async (args, options = {}) =>
      await runInProcess(withPlace(args), { workingDirectory: directory, environment, ...options }),
    start: (args, more = {}, input) =>
      startCli(withPlace(args), {
        workingDirectory: directory,
        environment: { ...environment, ...more },
        limitSeconds: cloud.boundSeconds + 30,
        ...(input === undefined ? {} : { input }),
      }),
    async remove() {
      prober.point(undefined);
      await prober.stop();
      await cloud.stop();
    },
  };
}

/** Runs a command that has to succeed. */
export async function mustRun(stage: CloudFaultStage, args: readonly string[], input?: string): Promise<CliResult> {
  const result = await stage.run(args, { input });
  if (result.exitCode === 0) return result;
  throw new Error(`agentctl ${args.join(' ')} exited ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
}

/** Bootstraps the account, sets the secrets and deploys a first version. */
export async function deployFirst(stage: CloudFaultStage): Promise<void> {
  await stage.nextVersion();
  await mustRun(stage, ['bootstrap', '--yes']);
  await setSecrets(stage);
  stage.prober.point((await mustRun(stage, ['deploy', '--yes'])).stdout.trim());
}

/** Gives every declared secret its value. */
export async function setSecrets(stage: CloudFaultStage): Promise<void> {
  for (const { name, value } of canarySecrets) await mustRun(stage, ['secrets', 'set', name], value);
}

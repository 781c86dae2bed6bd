import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSecretStore, setSecrets } from '../../../cli/supervisor/secret-store.js';
import { stateLayout } from '../../../cli/supervisor/state-layout.js';
import { externalPostgresDirectory } from '../../../cli/tools/postgres/index.js';
import type { CliRun } from '../local-cli.js';
import { type LocalProject, openLocalProject, type ProjectOptions } from '../local-project.js';
import { type Canary, canarySecrets, rotatedSecret } from './canaries.js';
import { faultAppFiles, type FaultConfig, faultConfig, type FaultVariant } from './fault-app.js';
import { type LeakSampler, startLeakSampler } from './leak-sampler.js';
import { mountTinyDisk } from './mount-tiny-disk.js';
import { type Prober, startProber } from './prober.js';

/** A fault that is preloaded into one run of the CLI. */
export interface Preload {
  /** A file beside this one. */
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How one run of the CLI is started. */
export interface StartOptions {
  readonly preload?: Preload | undefined;
  readonly input?: string | undefined;
}

/** A stage that faults happen to, with requests and looks at its processes going on all the time. */
export interface FaultStage {
  readonly project: LocalProject;
  readonly prober: Prober;
  readonly sampler: LeakSampler;
  /** Directories that everything of the stage lies in. */
  readonly places: readonly string[];
  /** Number of the newest version that was written. */
  readonly version: number;
  /** Writes a version that was not there before. */
  nextVersion(variant?: Omit<FaultVariant, 'version'>): Promise<void>;
  /** Writes again what an earlier version was. */
  returnTo(version: number): Promise<void>;
  /** The declared secrets, and those that agentctl has made up itself. */
  canaries(): readonly Canary[];
  setSecrets(): void;
  /** Value that {@link rotatedSecret} is being given. */
  readonly rotatedValue: string;
  nextRotatedValue(): void;
  start(args: readonly string[], options?: StartOptions): CliRun;
  remove(): Promise<void>;
}

/** Opens a stage; nothing is deployed to it yet. */
export async function openFaultStage(
  options: ProjectOptions & FaultConfig & { readonly tinyDiskMiB?: number } = {},
): Promise<FaultStage> {
  const project = await openLocalProject(options);
  const { stateDirectory, root } = project;
  const disk =
    options.tinyDiskMiB === undefined ? undefined : mountTinyDisk(dirname(stateDirectory), options.tinyDiskMiB);
  await project.write('agentctl.yaml', faultConfig(options));
  for (const [path, content] of Object.entries(faultAppFiles)) await project.write(path, content);
  const places = [root, externalPostgresDirectory(stateLayout(stateDirectory).key)];
  const variants = new Map<number, string>();
  let version = 0;
  const rotated: Canary[] = [];
  let generated: readonly Canary[] = [];
  const canaries = (): readonly Canary[] => {
    if (existsSync(stateLayout(stateDirectory).secretsFile)) {
      generated = Object.entries(readSecretStore(stateDirectory).generated).map(([name, value]) => ({ name, value }));
    }
    return [...canarySecrets, ...rotated, ...generated];
  };
  const sampler = startLeakSampler(places, canaries);
  const prober = startProber();
  return {
    project,
    prober,
    sampler,
    places,
    canaries,
    get version() {
      return version;
    },
    async nextVersion(variant = {}) {
      version += 1;
      const text = JSON.stringify({ version, ...variant });
      variants.set(version, text);
      await project.write('variant.json', text);
    },
    returnTo: async (earlier) => await project.write('variant.json', variants.get(earlier) ?? ''),
    setSecrets() {
      setSecrets(stateDirectory, Object.fromEntries(canarySecrets.map(({ name, value }) => [name, value])));
    },
    get rotatedValue() {
      return rotated.at(-1)?.value ?? '';
    },
    nextRotatedValue() {
      rotated.push({ name: rotatedSecret, value: `tk${randomBytes(6).toString('base64url')}` });
    },
    start: (args, { preload, input } = {}) =>
      project.start(args, {
        ...(input === undefined ? {} : { input }),
        environment:
          preload === undefined
            ? {}
            : {
                NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, preload.module)).href}`,
                ...preload.environment,
              },
      }),
    async remove() {
      prober.point(undefined);
      await prober.stop();
      sampler.stop();
      if (disk !== undefined) {
        await project.agentctl(['destroy', '--delete-data', '--no-final-backup', '--yes']);
        disk.unmount();
        // The mount point kept destroy from removing the directories above it.
        await rm(dirname(dirname(stateDirectory)), { recursive: true, force: true });
      }
      await project.remove();
    },
  };
}

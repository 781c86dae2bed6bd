import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileLedger } from '../../ledger/file-ledger.js';
import type { LocalTools } from '../../steps/local/local-tools.js';
import { removeVolumes } from '../../supervisor/containers/stage-containers.js';
import { readDesired } from '../../supervisor/desired-state.js';
import { connectSupervisor, ensureSupervisor } from '../../supervisor/launch.js';
import { forgetReplacedSecret, promoteSecret, restoreSecret } from '../../supervisor/secret-rotation.js';
import { readSecretStore, type SecretStore, secretValues } from '../../supervisor/secret-store.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import { stopSupervisor } from '../../supervisor/stop-supervisor.js';
import { type ArtifactStore, artifactStore } from '../../tools/artifacts/artifact-store.js';
import type { RegistryLogin } from '../../tools/images/index.js';
import { lineTail } from '../../tools/logs/line-tail.js';
import { passedEnvironment } from '../../tools/process/index.js';
import type { StagePlace } from '../stage-place.js';
import { httpProbe } from './http-probe.js';
import { removeStageState } from './remove-stage-state.js';
import { releaseLog } from './service-logs.js';
import { type StageImages, stageImages } from './stage-images.js';
import { usesContainers } from './uses-containers.js';

/** What of this machine a stage is kept with. */
export interface LocalTargetOptions extends StagePlace {
  /** Files in the build context that are not part of what is built: the config file, a plan. Absolute. @default - none */
  readonly leftOut?: readonly string[];
  /** How to log in to the registry that images are pushed to. @default - the logins of the user */
  readonly registryLogin?: { readonly registry: string; readonly username: string; readonly secret: string };
}

/** What the target itself uses besides what its steps do. */
export interface OpenLocalTools extends LocalTools {
  readonly artifacts: ArtifactStore;
  readonly stageImages: StageImages;
}

/** Opens the tools of a stage; nothing is run before a step asks for something. */
export function openLocalTools(options: LocalTargetOptions): OpenLocalTools {
  const { stateDirectory, directory, environment } = options;
  const { key } = stateLayout(stateDirectory);
  const images = stageImages({
    environment,
    stateDirectory,
    key,
    login: () => loginOf(options),
    secret: (name) => readSecrets(options).secrets[name] ?? environment[name],
    mask: options.mask,
  });
  const artifacts = artifactStore(join(stateDirectory, 'artifacts'), options.leftOut ?? []);
  const engineOf = async (signal?: AbortSignal) => await images.engine(signal ?? new AbortController().signal);
  const supervisor = async (signal: AbortSignal) => {
    const running = await connectSupervisor(stateDirectory);
    if (running !== undefined) return running;
    // A new one would read both, and could say what is wrong with them only in its log.
    readDesired(stateLayout(stateDirectory));
    readSecrets(options);
    return await ensureSupervisor(stateDirectory, { signal });
  };
  return {
    supervisor,
    runningSupervisor: async () => await connectSupervisor(stateDirectory),
    stopSupervisor: async (signal) => await stopSupervisor(stateDirectory, { signal, environment }),
    artifacts,
    stageImages: images,
    get images() {
      return images.store;
    },
    pullImage: async (image, run) => await images.pull(image, run),
    removeBuild: async (build, signal) => {
      if ((await artifacts.list()).includes(build)) await artifacts.remove(build);
      else if (usesContainers(stateDirectory)) await images.remove(build, signal);
    },
    ledger: fileLedger(join(stateDirectory, 'releases')),
    projectDirectory: directory,
    environment: passedEnvironment(environment),
    tailOf: (file) => lineTail(file),
    releaseLog: async (release, lines) => await releaseLog(stateLayout(stateDirectory).logsDirectory, release, lines),
    probe: httpProbe,
    sleep: async (seconds, signal) => await delay(seconds * 1000, undefined, { signal }),
    schemaRevision: async (signal) => await (await supervisor(signal)).schemaRevision({ signal }).catch(() => null),
    rotation: {
      promote: (secret) => {
        readSecrets(options);
        promoteSecret(stateDirectory, secret);
      },
      restore: (secret) => {
        readSecrets(options);
        restoreSecret(stateDirectory, secret);
      },
      forget: (secret) => forgetReplacedSecret(stateDirectory, secret),
    },
    removeState: async (what) =>
      await removeStageState(stateDirectory, {
        ...what,
        removeVolumes: async () => await removeVolumes({ engine: await engineOf(), environment, key }),
      }),
  };
}

/**
 * Reads the values of secrets; none of them is shown from then on.
 *
 * @throws StateUnreadable
 */
export function readSecrets({ stateDirectory, mask }: LocalTargetOptions): SecretStore {
  const store = readSecretStore(stateDirectory);
  mask(secretValues(store));
  return store;
}

function loginOf(options: LocalTargetOptions): RegistryLogin | undefined {
  const { registryLogin } = options;
  if (registryLogin === undefined) return undefined;
  const { registry, username, secret } = registryLogin;
  const password = readSecrets(options).secrets[secret] ?? options.environment[secret];
  return password === undefined ? undefined : { registry, username, password };
}

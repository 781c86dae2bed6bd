import { join } from 'node:path';
import * as z from 'zod';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { containerCommands } from '../../tools/containers/index.js';
import { type ContainerEngine, findEngine, runEngine } from '../../tools/engine/index.js';
import {
  contentHashLabel,
  type ImageRun,
  imageStore,
  type ImageStore,
  type RegistryLogin,
} from '../../tools/images/index.js';
import { artifactKey } from '../../tools/artifacts/artifact-store.js';

export interface StageImagesOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stateDirectory: string;
  /** Of the stage, see StateLayout. */
  readonly key: string;
  /** Read when it is needed. @default - the logins of the user */
  readonly login: () => RegistryLogin | undefined;
  /** Value of a build secret; undefined when it has none. */
  readonly secret: (name: string) => string | undefined;
  readonly mask: (values: readonly string[]) => void;
}

/** The images of a stage in the engine of this machine. */
export interface StageImages {
  /** @throws AgentctlError ToolMissing, EnvironmentNotReady */
  engine(signal: AbortSignal): Promise<ContainerEngine>;
  readonly store: ImageStore;
  /** Images that were built for this stage. */
  list(signal: AbortSignal): Promise<readonly StoredImage[]>;
  /** Has an image in the engine; pulls it when it is not there. */
  pull(image: string, run: ImageRun): Promise<void>;
  /** `key`: of {@link StoredImage}. One that a container uses stays. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}

export interface StoredImage {
  /** As `artifactKey` makes it of its id. */
  readonly key: string;
  readonly id: string;
  /** What it was built from. */
  readonly contentHash: string;
}

/** Nothing is run before something is asked. */
export function stageImages(options: StageImagesOptions): StageImages {
  const { environment, key, stateDirectory } = options;
  let found: Promise<ContainerEngine> | undefined;
  const engine = async (signal: AbortSignal): Promise<ContainerEngine> => {
    found ??= findEngine({ environment, signal });
    return await found.catch((error: unknown) => {
      found = undefined;
      throw error;
    });
  };
  const run = async (args: readonly string[], signal: AbortSignal, onLine?: (line: string) => void): Promise<string> =>
    await runEngine(await engine(signal), args, { environment, signal, ...(onLine === undefined ? {} : { onLine }) });
  let store: ImageStore | undefined;
  return {
    engine,
    get store() {
      return (store ??= imageStore({
        engine: async (signal) => await engine(signal).catch(undefinedIfMissing),
        environment,
        workDirectory: join(stateDirectory, 'images'),
        login: options.login(),
        secret: options.secret,
        mask: options.mask,
      }));
    },
    async list(signal) {
      const ids = new Set(lines(await run(containerCommands.listImages(`dev.agentctl.stage=${key}`), signal)));
      const printed = ids.size === 0 ? '' : await run(containerCommands.inspectImages(...ids), signal);
      return lines(printed).flatMap(parseImage);
    },
    async pull(image, { signal, log }) {
      const isThere = await run(containerCommands.inspectImages(image), signal).then(
        () => true,
        () => false,
      );
      signal.throwIfAborted();
      if (isThere) return;
      log(`pulling ${image}`);
      await run(containerCommands.pull(image), signal, log);
    },
    async remove(imageKey, signal) {
      await run(containerCommands.removeImage(imageKey), signal).catch((error: unknown) => {
        if (!isAgentctlError(error) || error.code !== 'ToolFailed') throw error;
      });
    },
  };
}

const printedImage = z.object({ id: z.string(), labels: z.record(z.string(), z.string()).nullable() });

function parseImage(line: string): readonly StoredImage[] {
  const { id, labels } = printedImage.parse(JSON.parse(line));
  const contentHash = labels?.[contentHashLabel];
  return contentHash === undefined ? [] : [{ key: artifactKey(id), id, contentHash }];
}

function lines(printed: string): readonly string[] {
  return printed.split('\n').filter((line) => line !== '');
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof AgentctlError && error.code === 'ToolMissing') return undefined;
  throw error;
}

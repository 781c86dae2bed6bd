import { buildImage } from './build-image.js';
import { readBuildContext } from './build-context.js';
import type { ImageRecipe } from './content-hash.js';
import { findImage } from './find-image.js';
import { type BuildEngine, findImageBuilder, type ImageBuilder } from './image-builder.js';
import type { FoundImage, ImageRequest } from './image-request.js';
import type { ImageRun, ImageWorld, RegistryLogin } from './image-world.js';
import { resolveImage, type ResolveRequest } from './resolve-image.js';

/** Images by content: what is built once, pushed once, and named by digest. */
export interface ImageStore {
  /** @throws SpecInvalid, Refused: see {@link readBuildContext} */
  readonly contentHash: (context: string, recipe: ImageRecipe) => Promise<string>;
  readonly find: (request: ImageRequest, run: ImageRun) => Promise<FoundImage | undefined>;
  readonly build: (request: ImageRequest, run: ImageRun) => Promise<FoundImage>;
  readonly resolve: (request: ResolveRequest, run: ImageRun) => Promise<FoundImage>;
}

export interface ImageStoreOptions {
  /** Finds docker or podman; undefined when neither is installed. Asked once, when an image is to be built. */
  readonly engine: (signal: AbortSignal) => Promise<BuildEngine | undefined>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute, of this stage alone: private files are kept below it while a command runs. */
  readonly workDirectory: string;
  /** @default - the logins of the user */
  readonly login?: RegistryLogin | undefined;
  /** Value of a build secret. @default - the variable of that name */
  readonly secret?: (name: string) => string | undefined;
  readonly mask: (values: readonly string[]) => void;
  /** @default - the time */
  readonly now?: () => Date;
}

/** Opens the store; nothing is run before it is asked something. */
export function imageStore(options: ImageStoreOptions): ImageStore {
  const { engine, environment, secret, now } = options;
  let builder: Promise<ImageBuilder> | undefined;
  const find = async (signal: AbortSignal): Promise<ImageBuilder> =>
    await findImageBuilder({ engine: await engine(signal), environment, signal });
  const world: ImageWorld = {
    ...options,
    builder: async (signal) => {
      builder ??= find(signal);
      try {
        return await builder;
      } catch (error) {
        // The next attempt may find it running.
        builder = undefined;
        throw error;
      }
    },
    secret: (name) => secret?.(name) ?? environment[name],
    now: now ?? (() => new Date()),
  };
  return {
    contentHash: async (context, recipe) => (await readBuildContext(context, recipe)).contentHash,
    find: async (request, run) => await findImage(world, request, run),
    build: async (request, run) => await buildImage(world, request, run),
    resolve: async (request, run) => await resolveImage(world, request, run),
  };
}

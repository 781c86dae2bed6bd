import { isAgentctlError } from '../errors.js';
import { findEngine } from '../tools/engine/index.js';
import { imageStore, type ImageStore, type ImageStoreOptions, type RegistryLogin } from '../tools/images/index.js';

export interface RegistryImagesOptions extends Pick<ImageStoreOptions, 'environment' | 'workDirectory' | 'mask'> {
  /** Of the registry of a cloud; asked whenever an image is looked for, built or pushed. */
  readonly login: (signal: AbortSignal) => Promise<RegistryLogin>;
}

/** Images in the registry of a cloud. Neither a login nor an engine is looked for before one is needed. */
export function registryImages({ login, ...options }: RegistryImagesOptions): ImageStore {
  const { environment } = options;
  const store = async (signal: AbortSignal): Promise<ImageStore> =>
    imageStore({
      ...options,
      engine: async (given) => await findEngine({ environment, signal: given }).catch(undefinedIfMissing),
      login: await login(signal),
    });
  return {
    // Neither a registry nor a login is needed to read files.
    contentHash: async (context, recipe) =>
      await imageStore({ ...options, engine: async () => await Promise.resolve(undefined) }).contentHash(
        context,
        recipe,
      ),
    find: async (request, run) => await (await store(run.signal)).find(request, run),
    build: async (request, run) => await (await store(run.signal)).build(request, run),
    resolve: async (request, run) => await (await store(run.signal)).resolve(request, run),
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (isAgentctlError(error) && error.code === 'ToolMissing') return undefined;
  throw error;
}

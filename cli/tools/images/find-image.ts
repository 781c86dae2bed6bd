import { isAgentctlError } from '../../errors.js';
import { builderEnvironment } from './builder-environment.js';
import type { ImageBuilder } from './image-builder.js';
import { contentHashLabel, contentTag } from './image-labels.js';
import type { FoundImage, ImageRequest } from './image-request.js';
import { type ImageRun, type ImageWorld, repositoryClient } from './image-world.js';
import { imagesWithLabelCommand, inspectCommand, type LocalImage, parseInspected } from './local-image.js';
import { platformRefusal } from './platform-refusal.js';
import { runImageTool } from './run-image-tool.js';

/**
 * An image of this content that is where it is to be: in the registry, or in the engine when there is none.
 *
 * @throws EnvironmentNotReady when the registry does not let us in; BuildFailed, retryable, when it is overloaded
 */
export async function findImage(
  world: ImageWorld,
  request: ImageRequest,
  run: ImageRun,
): Promise<FoundImage | undefined> {
  const { repository, contentHash, recipe } = request;
  if (repository === null) {
    const image = await localImageOf(world, await world.builder(run.signal), contentHash, run.signal);
    return image === undefined || platformRefusal(image.id, [image.platform], recipe.platform) !== undefined
      ? undefined
      : { digest: image.id, image: image.id, platform: image.platform, reused: true };
  }
  const tag = contentTag(contentHash);
  const client = await repositoryClient(world, repository, 'pull,push', run.signal);
  const found = await ifReachable(client.image(tag), run.log);
  const variant = found?.variants[0];
  if (found === undefined || variant === undefined) return undefined;
  const isOurs = variant.labels[contentHashLabel] === contentHash;
  if (!isOurs || platformRefusal(tag, [variant.platform], recipe.platform) !== undefined) {
    run.log(`${repository}:${tag} is something else: building anew`);
    return undefined;
  }
  const { digest } = found;
  return { digest, image: `${repository}@${digest}`, platform: variant.platform, reused: true };
}

/**
 * What a registry says, or undefined when it cannot be reached from here: the engine may have a way that we do not know
 * (a proxy, an insecure registry), and says so itself when it has none.
 */
export async function ifReachable<T>(answer: Promise<T>, log: (line: string) => void): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!isAgentctlError(error) || error.code !== 'EnvironmentNotReady' || !error.retryable) throw error;
    log(`${error.message}; going on without asking it`);
    return undefined;
  }
}

/** The newest image in the engine that was built from this content. */
export async function localImageOf(
  world: ImageWorld,
  builder: ImageBuilder,
  contentHash: string,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  const argv = imagesWithLabelCommand(builder, contentHashLabel, contentHash);
  const { stdout } = await runImageTool({ argv, env: builderEnvironment(world.environment) }, { signal });
  const [id] = stdout.split('\n').filter((line) => line !== '');
  return id === undefined ? undefined : await inspectImage(world, builder, id, signal);
}

/** An image that the engine has, by id or reference; undefined when it has not. */
export async function inspectImage(
  { environment }: ImageWorld,
  builder: ImageBuilder,
  image: string,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  const argv = inspectCommand(builder, image);
  const { succeeded, stdout } = await runImageTool({ argv, env: builderEnvironment(environment) }, { signal });
  return succeeded ? parseInspected(stdout) : undefined;
}

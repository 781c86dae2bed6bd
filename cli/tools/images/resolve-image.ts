import { AgentctlError } from '../../errors.js';
import { ifReachable, inspectImage } from './find-image.js';
import { parseImageReference } from './image-reference.js';
import type { FoundImage } from './image-request.js';
import { withImageSession } from './image-session.js';
import { type ImageRun, type ImageWorld, repositoryClient } from './image-world.js';
import type { LocalImage } from './local-image.js';
import { platformRefusal } from './platform-refusal.js';
import { pullCommand } from './push-command.js';
import { pushFailure } from './registry-failure.js';
import { runImageTool } from './run-image-tool.js';

/** An image that somebody else has built. */
export interface ResolveRequest {
  /** With a digest. */
  readonly ref: string;
  readonly platform: string;
  /** Whether it has to be in the engine afterwards; else only in its registry. */
  readonly inEngine: boolean;
}

/**
 * Makes sure that an image is there and is for the right platform, without reading its layers; for the engine it is
 * pulled unless the engine has it.
 *
 * @throws Refused for a wrong platform; EnvironmentNotReady when it is not there or may not be read
 */
export async function resolveImage(world: ImageWorld, request: ResolveRequest, run: ImageRun): Promise<FoundImage> {
  const { ref, platform, inEngine } = request;
  const local = inEngine ? await inspectImage(world, await world.builder(run.signal), ref, run.signal) : undefined;
  if (local !== undefined) return fitting(ref, [local.platform], platform);
  const { tag, digest } = parseImageReference(ref);
  const client = await repositoryClient(world, ref, 'pull', run.signal);
  const asked = client.image(digest ?? tag ?? 'latest');
  const found = inEngine ? await ifReachable(asked.then(orMissing(ref)), run.log) : orMissing(ref)(await asked);
  if (found !== undefined) {
    const fits = fitting(
      ref,
      found.variants.map((variant) => variant.platform),
      platform,
    );
    if (!inEngine) return fits;
  }
  return fitting(ref, [(await pulled(world, request, run)).platform], platform);
}

function orMissing(ref: string) {
  return <T>(found: T | undefined): T => {
    if (found !== undefined) return found;
    throw new AgentctlError('EnvironmentNotReady', `the image ${ref} is not in its registry`, {
      fix: 'push it, or correct the reference; nothing was deployed',
    });
  };
}

/** @throws Refused */
function fitting(ref: string, platforms: readonly string[], platform: string): FoundImage {
  const refusal = platformRefusal(ref, platforms, platform);
  if (refusal !== undefined) throw refusal;
  return { digest: parseImageReference(ref).digest ?? ref, image: ref, platform, reused: true };
}

async function pulled(world: ImageWorld, { ref, platform }: ResolveRequest, run: ImageRun): Promise<LocalImage> {
  const builder = await world.builder(run.signal);
  await withImageSession(world, builder, {}, run.signal, async ({ env, push }) => {
    const argv = pullCommand(builder, ref, platform, push);
    run.log(`pulling ${ref}`);
    const { succeeded, how, lines } = await runImageTool({ argv, env }, { signal: run.signal, onLine: run.log });
    if (!succeeded) throw pushFailure(parseImageReference(ref).registry, how, lines);
  });
  return orMissing(ref)(await inspectImage(world, builder, ref, run.signal));
}

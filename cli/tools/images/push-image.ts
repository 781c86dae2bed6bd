import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { ifReachable } from './find-image.js';
import { contentTag } from './image-labels.js';
import { parseImageReference } from './image-reference.js';
import { imageNames, type ImageRequest } from './image-request.js';
import type { ImageSession } from './image-session.js';
import { type ImageRun, type ImageWorld, repositoryClient } from './image-world.js';
import { isDaemonless, pushCommand, pushedDigest, tagCommand } from './push-command.js';
import { pushFailure } from './registry-failure.js';
import { type ImageToolEnd, runImageTool } from './run-image-tool.js';

type PushRequest = ImageRequest & { readonly repository: string };

/**
 * Pushes an image of the engine under all its names and returns the digest that the registry gave it.
 *
 * @throws EnvironmentNotReady (not permitted, unreachable), BuildFailed; retryable when it may pass
 */
export async function pushImage(
  world: ImageWorld,
  session: ImageSession,
  request: PushRequest,
  id: string,
  run: ImageRun,
): Promise<string> {
  const { registry } = parseImageReference(request.repository);
  const execute = async (argv: readonly [string, ...string[]]): Promise<ImageToolEnd> => {
    const onLine = (line: string): void => {
      if (!isCountdown(line)) run.log(line);
    };
    const end = await runImageTool({ argv, env: session.env }, { signal: run.signal, onLine });
    if (!end.succeeded) throw await explained(pushFailure(registry, end.how, end.lines), world, request, run);
    return end;
  };
  let digest: string | undefined;
  for (const name of imageNames(request, contentTag(request.contentHash))) {
    const digestFile = join(session.directory, 'digest');
    await execute(tagCommand(session.builder, id, name));
    run.log(`pushing ${name}`);
    const { lines } = await execute(pushCommand(session.builder, name, digestFile, session.push));
    digest = isDaemonless(session.builder) ? (await readFile(digestFile, 'utf8')).trim() : pushedDigest(lines);
  }
  if (digest === undefined) throw pushFailure(registry, 'no digest was returned', []);
  await verifyPushed(world, request, digest, run);
  return digest;
}

/** Asks the registry for what was pushed. A tag that has moved meanwhile changes nothing: the digest is what is deployed. */
export async function verifyPushed(
  world: ImageWorld,
  { repository, contentHash }: PushRequest,
  digest: string,
  run: ImageRun,
): Promise<void> {
  const client = await repositoryClient(world, repository, 'pull,push', run.signal);
  const tag = contentTag(contentHash);
  const state = async (): Promise<{ readonly there: boolean; readonly tagged: string | undefined }> => ({
    there: (await client.digestOf(digest)) !== undefined,
    tagged: await client.digestOf(tag),
  });
  const found = await ifReachable(state(), run.log);
  if (found === undefined) return;
  if (!found.there) {
    throw new AgentctlError('BuildFailed', `${repository} does not have ${digest}, which it has just accepted`, {
      fix: 'look at the registry and deploy again; nothing was deployed',
      retryable: true,
    });
  }
  if (found.tagged === digest) return;
  run.log(`the tag ${tag} has moved to ${found.tagged ?? 'nothing'}: deploying ${digest}, which is what was pushed`);
}

/** Of a registry that fails, docker prints no more than the status: ask it what it has. */
async function explained(
  failure: AgentctlError,
  world: ImageWorld,
  request: PushRequest,
  run: ImageRun,
): Promise<AgentctlError> {
  if (failure.code !== 'BuildFailed' || !failure.retryable) return failure;
  try {
    await (await repositoryClient(world, request.repository, 'pull,push', run.signal)).tryUpload();
    return failure;
  } catch (error) {
    if (!isAgentctlError(error) || error.code === 'Interrupted') throw error;
    return error.retryable ? failure : error;
  }
}

/** docker counts the seconds to its next try, a line each. */
function isCountdown(line: string): boolean {
  const seconds = /: Retrying in (\d+) seconds?$/.exec(line)?.[1];
  return seconds !== undefined && Number(seconds) % 5 !== 0;
}

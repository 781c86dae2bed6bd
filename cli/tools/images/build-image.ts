import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { readBuildContext } from './build-context.js';
import { buildCommand, type BuildOrder } from './build-command.js';
import { buildFailure } from './build-failure.js';
import { findImage, ifReachable, inspectImage, localImageOf } from './find-image.js';
import { findIgnoreFile } from './ignore-file.js';
import { buildLabels, contentTag } from './image-labels.js';
import { type FoundImage, imageNames, type ImageRequest } from './image-request.js';
import { type ImageSession, withImageSession } from './image-session.js';
import { type ImageRun, type ImageWorld, repositoryClient } from './image-world.js';
import { removeCommand } from './local-image.js';
import { platformRefusal } from './platform-refusal.js';
import { isDaemonless } from './push-command.js';
import { pushImage, verifyPushed } from './push-image.js';
import { pushFailure } from './registry-failure.js';
import { parseImageReference } from './image-reference.js';
import { runImageTool } from './run-image-tool.js';

/**
 * Builds an image and pushes it where it belongs; does nothing but name it when one of the same content is there.
 *
 * @throws Refused for what may not be sent and for a wrong platform; PlanStale when the context is not what was planned;
 *   SecretMissing; BuildFailed; EnvironmentNotReady
 */
export async function buildImage(world: ImageWorld, request: ImageRequest, run: ImageRun): Promise<FoundImage> {
  await assertAsPlanned(request);
  const found = await findImage(world, request, run);
  if (found !== undefined) {
    run.log(`unchanged: using ${found.image}`);
    await addTags(world, request, found.digest, run);
    return found;
  }
  const builder = await world.builder(run.signal);
  const secrets = secretValues(world, request.recipe.secrets);
  return await withImageSession(world, builder, secrets, run.signal, async (session) => {
    if (request.repository !== null && builder.kind === 'buildx' && builder.attests) {
      return await buildAndPush(world, session, { ...request, repository: request.repository }, run);
    }
    const image = (await builtBefore(world, session, request, run)) ?? (await build(world, session, request, run));
    const refusal = platformRefusal(request.name, [image.platform], request.recipe.platform);
    if (refusal !== undefined) throw refusal;
    if (request.repository === null) {
      return { digest: image.id, image: image.id, platform: image.platform, reused: false };
    }
    const digest = await pushImage(world, session, { ...request, repository: request.repository }, image.id, run);
    return { digest, image: `${request.repository}@${digest}`, platform: image.platform, reused: false };
  });
}

interface BuiltImage {
  readonly id: string;
  readonly platform: string;
}

/** Of a deploy whose push failed. */
async function builtBefore(
  world: ImageWorld,
  { builder }: ImageSession,
  { contentHash, repository }: ImageRequest,
  { signal, log }: ImageRun,
): Promise<BuiltImage | undefined> {
  if (repository === null) return undefined;
  const image = await localImageOf(world, builder, contentHash, signal);
  if (image !== undefined) log(`built before: ${image.id.slice(0, 19)}`);
  return image;
}

async function build(
  world: ImageWorld,
  session: ImageSession,
  request: ImageRequest,
  run: ImageRun,
): Promise<BuiltImage> {
  const order = await orderOf(world, session, request, false);
  await runBuild(session, order, request.name, run);
  const id = (await readFile(order.idFile, 'utf8')).trim();
  const image = await inspectImage(world, session.builder, id, run.signal);
  if (image === undefined) throw buildFailure(request.name, `the engine does not have the image ${id}`, []);
  try {
    await assertAsPlanned(request);
  } catch (error) {
    // It is labelled with a hash that is not its own.
    const argv = removeCommand(session.builder, id);
    await runImageTool({ argv, env: session.env }, { signal: run.signal });
    throw error;
  }
  return image;
}

/** Attestations are pushed with the image or not at all: most engines cannot keep them. */
async function buildAndPush(
  world: ImageWorld,
  session: ImageSession,
  request: ImageRequest & { readonly repository: string },
  run: ImageRun,
): Promise<FoundImage> {
  const { repository, recipe } = request;
  const order = await orderOf(world, session, request, true);
  await runBuild(session, order, request.name, run);
  await assertAsPlanned(request);
  const digest = /"containerimage\.digest":\s*"(sha256:[0-9a-f]{64})"/.exec(
    await readFile(order.metadataFile, 'utf8'),
  )?.[1];
  if (digest === undefined) throw buildFailure(request.name, 'buildx did not say what it has pushed', []);
  await verifyPushed(world, request, digest, run);
  const client = await repositoryClient(world, repository, 'pull,push', run.signal);
  const pushed = await ifReachable(client.image(digest), run.log);
  const platforms = pushed?.variants.map(({ platform }) => platform) ?? [recipe.platform];
  const refusal = platformRefusal(request.name, platforms, recipe.platform);
  if (refusal !== undefined) throw refusal;
  return { digest, image: `${repository}@${digest}`, platform: recipe.platform, reused: false };
}

async function orderOf(
  world: ImageWorld,
  { builder, directory, secrets }: ImageSession,
  request: ImageRequest,
  push: boolean,
): Promise<BuildOrder> {
  const { context, recipe, labels, contentHash } = request;
  const ignore = await findIgnoreFile(context, recipe.dockerfile);
  return {
    ...recipe,
    context,
    // docker's own choice everywhere; the classic builder has to be asked whether it makes the same
    ignoreFile:
      ignore.text !== undefined && (isDaemonless(builder) || builder.kind === 'classic') ? ignore.path : undefined,
    labels: { ...labels, ...buildLabels(contentHash, world.now()) },
    secrets,
    tags: imageNames(request, contentTag(contentHash)),
    push,
    sbom: push,
    idFile: join(directory, 'image-id'),
    metadataFile: join(directory, 'metadata.json'),
  };
}

async function runBuild(
  session: ImageSession,
  order: BuildOrder,
  name: string,
  { signal, log }: ImageRun,
): Promise<void> {
  const { argv, env } = buildCommand(session.builder, order);
  log(`$ ${argv.join(' ')}`);
  const { succeeded, how, lines } = await runImageTool(
    { argv, cwd: order.context, env: { ...session.env, ...session.secretEnv, ...env } },
    { signal, onLine: log },
  );
  if (succeeded) return;
  if (order.sbom && lines.some((line) => line.includes('syft-scanner'))) {
    // BuildKit pulls the scanner from Docker Hub, which not every site can reach; what is built stays in its cache.
    log('building without a bill of materials: its scanner cannot be pulled');
    return await runBuild(session, { ...order, sbom: false }, name, { signal, log });
  }
  const isPush =
    order.push &&
    lines.some((line) => /failed to push|pushing (?:layers|manifest).*ERROR|unexpected status/i.test(line));
  if (isPush) throw pushFailure(parseImageReference(order.tags[0] ?? '').registry, how, lines);
  throw buildFailure(name, how, lines);
}

/** Tags are for people: that one cannot be set stops no deploy. */
async function addTags(
  world: ImageWorld,
  { repository, tags }: ImageRequest,
  digest: string,
  run: ImageRun,
): Promise<void> {
  if (repository === null) return;
  const client = await repositoryClient(world, repository, 'pull,push', run.signal);
  for (const tag of tags) {
    try {
      if ((await client.digestOf(tag)) !== digest) await client.tag(digest, tag);
    } catch (error) {
      if (run.signal.aborted) throw error;
      run.log(`could not tag it ${tag}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function secretValues({ secret, mask }: ImageWorld, names: readonly string[]): Record<string, string> {
  const values = names.map((name) => [name, secret(name)] as const);
  const missing = values.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new AgentctlError('SecretMissing', `no value is set for the build secret ${missing.join(', ')}`, {
      fix: `set it with \`agentctl secrets set NAME\`, or as a variable of that name`,
    });
  }
  const known = values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  mask(known.map(([, value]) => value));
  return Object.fromEntries(known);
}

async function assertAsPlanned({ context, recipe, contentHash }: ImageRequest): Promise<void> {
  const read = await readBuildContext(context, recipe);
  if (read.contentHash === contentHash) return;
  throw new AgentctlError('PlanStale', `${context} has changed since the plan was made`, {
    fix: 'run the deploy again, so that what is built is what was planned',
  });
}

import { resolve } from 'node:path';
import { type AgentSpec, imageSources, type ImageSpec, platformOf } from '../../../stacks/spec/index.js';
import { repositoryName } from '../../../stacks/aws/naming.js';
import type { AwsFacts, SourceFacts } from './aws-facts.js';
import { recipeName } from './image-names.js';
import type { StageTools } from './open-stage-tools.js';

export interface SourceFactsOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  /** That sources are relative to. */
  readonly directory: string;
  readonly tools: StageTools;
  readonly signal: AbortSignal;
}

/** What each source is made of, and whether its image is in the registry already. Reading it finds what may not be built. */
export async function sourceFacts(options: SourceFactsOptions): Promise<Pick<AwsFacts, 'sources' | 'repository'>> {
  const { spec, stage, tools, signal } = options;
  const repository = (await tools.aws.registry.repository(repositoryName({ name: spec.name, stage }), signal)) ?? null;
  const entries = Object.entries(imageSources(spec)).map(
    async ([source, image]) => [source, await factsOf(source, image, repository, options)] as const,
  );
  return { sources: Object.fromEntries(await Promise.all(entries)), repository };
}

async function factsOf(
  source: string,
  image: ImageSpec,
  repository: string | null,
  { spec, directory, tools, signal }: SourceFactsOptions,
): Promise<SourceFacts> {
  if (image.kind === 'ref') return { content: image.ref.slice(image.ref.indexOf('@') + 1), image: image.ref };
  const { target, args, secrets } = image;
  const context = resolve(directory, image.context);
  const dockerfile = resolve(context, image.dockerfile);
  const recipe = { dockerfile, target, args, platform: platformOf(image, 'aws', 'linux/amd64'), secrets };
  const content = await tools.images.contentHash(context, recipe);
  if (repository === null) return { content, image: null };
  const name = recipeName(spec.name, source);
  const request = { name, context, recipe, contentHash: content, repository, tags: [], labels: {} };
  const found = await tools.images.find(request, { signal, log: () => undefined });
  return { content, image: found?.image ?? null };
}

import { resolve } from 'node:path';
import { type AgentSpec, imageSources, type ImageSpec, platformOf } from '../../stacks/spec/index.js';
import type { ImageStore } from '../tools/images/index.js';
import { recipeName } from './image-names.js';

/** What a source is known to become before anything is built. */
export interface SourceFacts {
  /** What it is made of: a hash of its content, or of an image from elsewhere its digest. */
  readonly content: string;
  /** `repository@sha256:…` when that image is there already; null: it has to be built. */
  readonly image: string | null;
}

export interface SourceFactsOptions {
  readonly spec: AgentSpec;
  readonly cloud: 'aws' | 'gcp';
  /** That sources are relative to. */
  readonly directory: string;
  /** Where the stage keeps its images; null: there is no such place yet. */
  readonly repository: string | null;
  readonly images: Pick<ImageStore, 'contentHash' | 'find'>;
  readonly signal: AbortSignal;
}

/** What each source is made of, and whether its image is in the registry already. Reading it finds what may not be built. */
export async function sourceFacts(options: SourceFactsOptions): Promise<Readonly<Record<string, SourceFacts>>> {
  const entries = Object.entries(imageSources(options.spec)).map(
    async ([source, image]) => [source, await factsOf(source, image, options)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function factsOf(
  source: string,
  image: ImageSpec,
  { spec, cloud, directory, repository, images, signal }: SourceFactsOptions,
): Promise<SourceFacts> {
  if (image.kind === 'ref') return { content: image.ref.slice(image.ref.indexOf('@') + 1), image: image.ref };
  const { target, args, secrets } = image;
  const context = resolve(directory, image.context);
  const dockerfile = resolve(context, image.dockerfile);
  const recipe = { dockerfile, target, args, platform: platformOf(image, cloud, 'linux/amd64'), secrets };
  const content = await images.contentHash(context, recipe);
  if (repository === null) return { content, image: null };
  const name = recipeName(spec.name, source);
  const request = { name, context, recipe, contentHash: content, repository, tags: [], labels: {} };
  const found = await images.find(request, { signal, log: () => undefined });
  return { content, image: found?.image ?? null };
}

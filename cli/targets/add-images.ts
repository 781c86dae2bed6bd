import type { z } from 'zod';
import { type AgentSpec, imageSources, type ImageSpec, platformOf } from '../../stacks/spec/index.js';
import type { PlanBuilder } from '../plan/plan-builder.js';
import { type Deferred, outputOf, type StepHandle } from '../plan/reference.js';
import { buildImage } from '../steps/images/build-image.js';
import type { imageOutputs } from '../steps/images/image-outputs.js';
import { resolveImage } from '../steps/images/resolve-image.js';
import type { GitFacts } from '../tools/git/git-facts.js';
import { buildInputs, imageStepId } from './build-step.js';
import { imageRequestTags, recipeName } from './image-names.js';
import type { SourceFacts } from './source-facts.js';

/** The images of a release, as far as they are known before they are built. */
export interface PlannedImages {
  /** `repository@sha256:…` by source. */
  readonly images: Readonly<Record<string, Deferred<string>>>;
  /** Digest by source. */
  readonly digests: Readonly<Record<string, Deferred<string>>>;
  /** Steps that have to be done before anything may run from them. */
  readonly after: readonly StepHandle<unknown>[];
}

/** What is known of the images before any is built. */
export interface ImageFacts {
  /** By the keys of `imageSources`. */
  readonly sources: Readonly<Record<string, SourceFacts>>;
  /** Where images are pushed; null before the foundation is there. */
  readonly repository: string | null;
  readonly git: GitFacts | undefined;
}

export interface AddImagesOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  readonly cloud: 'aws' | 'gcp';
  readonly facts: ImageFacts;
  /** Makes the repository, when there is none yet. */
  readonly foundation: StepHandle<{ readonly repository: string }>;
  /** @default - all of them */
  readonly only?: ReadonlySet<string>;
}

/** Adds the steps that build, push or look up the images of a spec. */
export function addImages(builder: PlanBuilder, options: AddImagesOptions): PlannedImages {
  const sources = Object.entries(imageSources(options.spec)).filter(([source]) => options.only?.has(source) ?? true);
  const planned = sources.map(
    ([source, image], index) => [source, addImage(builder, options, source, image, index)] as const,
  );
  const each = <T>(value: (one: PlannedImage) => T): Record<string, T> =>
    Object.fromEntries(planned.map(([source, one]) => [source, value(one)]));
  return {
    images: each(({ image }) => image),
    digests: each(({ digest }) => digest),
    after: planned.flatMap(([, { step }]) => (step === undefined ? [] : [step])),
  };
}

interface PlannedImage {
  readonly image: Deferred<string>;
  readonly digest: Deferred<string>;
  readonly step: StepHandle<z.output<typeof imageOutputs>> | undefined;
}

function addImage(
  builder: PlanBuilder,
  { spec, stage, cloud, facts, foundation }: AddImagesOptions,
  source: string,
  image: ImageSpec,
  index: number,
): PlannedImage {
  const { sources, repository, git } = facts;
  const { content = '', image: known = null } = sources[source] ?? {};
  const platform = platformOf(image, cloud, 'linux/amd64');
  if (image.kind === 'ref') {
    const inputs = { ref: image.ref, platform, inEngine: false };
    return {
      image: image.ref,
      digest: digestIn(image.ref),
      step: builder.add(imageStepId('image', index), resolveImage, inputs),
    };
  }
  if (known !== null) return { image: known, digest: digestIn(known), step: undefined };
  const step = builder.add(imageStepId('build', index), buildImage, {
    name: recipeName(spec.name, source),
    ...buildInputs({ image, platform, git, stageLabel: `${spec.name}/${stage}` }),
    contentHash: content,
    repository: repository ?? outputOf(foundation, 'repository'),
    tags: [...imageRequestTags(content, git)],
  });
  return { image: outputOf(step, 'image'), digest: outputOf(step, 'digest'), step };
}

function digestIn(image: string): string {
  return image.slice(image.indexOf('@') + 1);
}

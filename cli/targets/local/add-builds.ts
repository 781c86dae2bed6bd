import type { ContainerPlan } from '../../../stacks/local/container-plan.js';
import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import { type ImageSpec, platformOf } from '../../../stacks/spec/index.js';
import type { PlanBuilder } from '../../plan/plan-builder.js';
import { outputOf, type StepHandle } from '../../plan/reference.js';
import { buildImage } from '../../steps/images/build-image.js';
import type { imageOutputs } from '../../steps/images/image-outputs.js';
import { resolveImage } from '../../steps/images/resolve-image.js';
import { buildArtifact } from '../../steps/local/build-artifact.js';
import { buildInputs, imageStepId } from '../build-step.js';
import { imageName, repositoryOf } from './image-repository.js';
import type { LocalFacts } from './local-facts.js';
import type { Artifacts } from './release-manifest.js';
import type { z } from 'zod';

/** What of the facts builds depend on. */
type BuildFacts = Pick<LocalFacts, 'digests' | 'git' | 'platform' | 'key'>;

/** What the sources became, and what the registry or the engine call it. */
export interface Builds {
  readonly artifacts: Artifacts;
  /** Digest of each source, as it is known when it is built; nothing for sources whose digest is known already. */
  readonly digests: Readonly<Record<string, ReturnType<typeof outputOf<z.output<typeof imageOutputs>, 'digest'>>>>;
}

/** Adds the steps that build or look up these sources. */
export function addBuilds(builder: PlanBuilder, plan: StagePlan, facts: BuildFacts, release: string): Builds {
  if (plan.runtime === 'process') return { artifacts: addArtifacts(builder, plan, facts), digests: {} };
  const images = Object.entries(plan.images).map(
    ([name, image], index) => [name, addImage(builder, { plan, name, image, index, facts, release })] as const,
  );
  const each = <T>(value: (handle: ImageHandle) => T): Record<string, T> =>
    Object.fromEntries(images.map(([name, handle]) => [name, value(handle)]));
  return {
    artifacts: each((handle) => ({ digest: outputOf(handle, 'digest'), image: outputOf(handle, 'image') })),
    digests: each((handle) => outputOf(handle, 'digest')),
  };
}

type ImageHandle = StepHandle<z.output<typeof imageOutputs>>;

function addArtifacts(
  builder: PlanBuilder,
  { contexts }: Pick<ProcessPlan, 'contexts'>,
  { digests }: BuildFacts,
): Artifacts {
  const entries = Object.entries(contexts).map(([context, { build }], index) => {
    const digest = digests[context] ?? '';
    const inputs = { context, build: build.map((argv) => [...argv]), digest };
    const handle = builder.add(imageStepId('build', index), buildArtifact, inputs);
    return [context, { digest, directory: outputOf(handle, 'directory') }] as const;
  });
  return Object.fromEntries(entries);
}

interface AddImageOptions {
  readonly plan: ContainerPlan;
  readonly name: string;
  readonly image: ImageSpec;
  readonly index: number;
  readonly facts: BuildFacts;
  readonly release: string;
}

function addImage(builder: PlanBuilder, { plan, name, image, index, facts, release }: AddImageOptions): ImageHandle {
  const { digests, git, key } = facts;
  const platform = platformOf(image, 'local', facts.platform);
  if (image.kind === 'ref')
    return builder.add(imageStepId('image', index), resolveImage, { ref: image.ref, platform, inEngine: true });
  return builder.add(imageStepId('build', index), buildImage, {
    name: imageName(plan, name),
    ...buildInputs({ image, platform, git, stageLabel: key }),
    contentHash: digests[name] ?? '',
    repository: repositoryOf(plan, name),
    tags: [release, ...(git === undefined || git.dirty ? [] : [git.sha.slice(0, 12)])],
  });
}

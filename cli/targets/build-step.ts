import type { ImageSpec, Platform } from '../../stacks/spec/index.js';
import type { GitFacts } from '../tools/git/git-facts.js';
import { imageLabels } from '../tools/images/index.js';

/** Of the steps that build or look up images, in the order they are planned: `build`, `build-2`, … */
export function imageStepId(kind: 'build' | 'image', index: number): string {
  return index === 0 ? kind : `${kind}-${index + 1}`;
}

/** What of a recipe goes into the step that builds it, whatever the target. */
export interface BuildRecipe {
  readonly image: Extract<ImageSpec, { kind: 'build' }>;
  readonly platform: Platform;
  readonly git: GitFacts | undefined;
  /** Names the stage in a label of the image. */
  readonly stageLabel: string;
}

/** Pure: inputs of the step that builds an image, but for where it goes. */
export function buildInputs({ image, platform, git, stageLabel }: BuildRecipe) {
  const { context, dockerfile, target, args, secrets } = image;
  const revision = git === undefined ? undefined : `${git.sha}${git.dirty ? '-dirty' : ''}`;
  return {
    context,
    dockerfile,
    ...(target === undefined ? {} : { target }),
    args,
    platform,
    secrets: [...secrets],
    labels: { ...imageLabels({ revision }), 'dev.agentctl.stage': stageLabel },
  };
}

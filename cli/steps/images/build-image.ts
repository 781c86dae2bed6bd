import { resolve } from 'node:path';
import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { ImageRequest } from '../../tools/images/image-request.js';
import { imageOutputs } from './image-outputs.js';
import type { ImageTools } from './image-tools.js';

const inputs = z.strictObject({
  /** For people: what it is called in logs and in the engine. */
  name: z.string(),
  /** Relative to the config file. */
  context: z.string(),
  /** Relative to the context. */
  dockerfile: z.string(),
  /** Stage of the Dockerfile. @default - the last */
  target: z.string().optional(),
  args: z.record(z.string(), z.string()),
  /** `linux/amd64`. */
  platform: z.string(),
  /** Names of build secrets. */
  secrets: z.array(z.string()),
  /** What context and recipe hash to: what the plan is about. */
  contentHash: z.string(),
  /** `registry/app`, where it is pushed; null: it stays in the engine. */
  repository: z.string().nullable(),
  /** For people; nothing is deployed by them. */
  tags: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
});

/** Builds an image and pushes it; one of the same content that is there already is neither built nor pushed again. */
export const buildImage = defineStep<ImageTools>()({
  kind: 'build-image',
  inputs,
  outputs: imageOutputs,
  // A registry that is overloaded, or a network that is gone for a moment. The build is not repeated.
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ name, repository }) =>
    repository === null ? `build the image ${show(name)}` : `build and push the image ${show(name)}`,
  async check(request, { tools, signal, log }) {
    return await tools.images.find(requestOf(request, tools.projectDirectory), { signal, log });
  },
  async run(request, { tools, signal, log }) {
    return await tools.images.build(requestOf(request, tools.projectDirectory), { signal, log });
  },
});

function requestOf(request: z.output<typeof inputs>, projectDirectory: string): ImageRequest {
  const { name, contentHash, repository, tags, labels, target, args, platform, secrets } = request;
  const context = resolve(projectDirectory, request.context);
  const dockerfile = resolve(context, request.dockerfile);
  const recipe = { dockerfile, target, args, platform, secrets };
  return { name, context, recipe, contentHash, repository, tags, labels };
}

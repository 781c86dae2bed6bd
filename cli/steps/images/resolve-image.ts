import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { imageOutputs } from './image-outputs.js';
import type { ImageTools } from './image-tools.js';

/** Makes sure that an image built elsewhere is there and fits the platform, before anything is changed. */
export const resolveImage = defineStep<ImageTools>()({
  kind: 'resolve-image',
  inputs: z.strictObject({
    /** `registry/app@sha256:…`. */
    ref: z.string(),
    /** `linux/amd64`. */
    platform: z.string(),
    /** Whether it has to be in the engine of this machine, and is pulled when it is not. */
    inEngine: z.boolean(),
  }),
  outputs: imageOutputs,
  retry: { attempts: 4, backoffSeconds: 2 },
  // A digest is told from others by its first digits; the step has all of them.
  describe: ({ ref }) => `look up the image ${show(ref).replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…')}`,
  async run(request, { tools, signal, log }) {
    return await tools.images.resolve(request, { signal, log });
  },
});

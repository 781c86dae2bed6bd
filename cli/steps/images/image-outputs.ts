import * as z from 'zod';

/** What every step that yields an image yields, however it came to be. */
export const imageOutputs = z.strictObject({
  /** `sha256:…`: what the registry calls it, or its id in the engine. */
  digest: z.string(),
  /** What a container is created from: `registry/app@sha256:…`, or the id. */
  image: z.string(),
  /** `linux/amd64`. */
  platform: z.string(),
  /** Whether it was there before. */
  reused: z.boolean(),
});

import * as z from 'zod';
import type { AgentSpec } from '../spec/index.js';
import { imageWithDigest } from '../stage/image-digest.js';

export { unknownDigest } from '../stage/image-digest.js';

/** What `bin/synth-aws` reads from standard input. */
export const synthRequestSchema = z.strictObject({
  /** A checked spec with every default; see {@link SynthRequest}. */
  spec: z.custom<AgentSpec>((value) => typeof value === 'object' && value !== null, 'a checked spec'),
  stage: z.string(),
  /** The release the templates are for; null before there is one. */
  release: z
    .string()
    .regex(/^r\d+$/)
    .nullable(),
  /** By the keys of `imageSources`; what is absent gets a digest of zeros. */
  images: z.record(z.string(), z.string().regex(imageWithDigest)),
  /** Hash of the version ids of all secrets: another one rolls the services out again. */
  secretsMarker: z.string().nullable(),
  /** Absolute; the cloud assembly is written there. */
  outdir: z.string(),
});

/** What `bin/synth-aws` reads from standard input. The spec has passed every check, so it is not checked again. */
export type SynthRequest = z.output<typeof synthRequestSchema>;

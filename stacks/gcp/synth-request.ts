import * as z from 'zod';
import type { AgentSpec } from '../spec/index.js';
import { imageWithDigest } from '../stage/image-digest.js';

export { unknownDigest } from '../stage/image-digest.js';

/** What `bin/synth-gcp` reads from standard input. */
export const synthRequestSchema = z.strictObject({
  /** A checked spec with every default; see {@link SynthRequest}. */
  spec: z.custom<AgentSpec>((value) => typeof value === 'object' && value !== null, 'a checked spec'),
  stage: z.string(),
  /** The release the stacks are for; null before there is one. */
  release: z
    .string()
    .regex(/^r\d{1,4}$/)
    .nullable(),
  /** By the keys of `imageSources`; what is absent gets a digest of zeros. */
  images: z.record(z.string(), z.string().regex(imageWithDigest)),
  /** By the name of the secret; what is absent is taken for the first version. */
  secretVersions: z.record(z.string(), z.string().regex(/^[1-9]\d*$/)),
  /** Whether what holds data refuses to be destroyed; false takes a stage away. */
  protect: z.boolean(),
  /** Tells the database from one of before, whose name is blocked for a week. Absent: it has none. */
  databaseSuffix: z
    .string()
    .regex(/^[a-z0-9]{4}$/)
    .optional(),
  /** Absolute; manifest.json and stacks/… are written there. */
  outdir: z.string(),
});

/** What `bin/synth-gcp` reads from standard input. The spec has passed every check, so it is not checked again. */
export type SynthRequest = z.output<typeof synthRequestSchema>;

/** Stands for the version of a secret that was not asked for: the first one. */
export const unknownVersion = '1';

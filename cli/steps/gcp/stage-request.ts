import * as z from 'zod';
import { synthRequestSchema } from '../../../stacks/gcp/synth-request.js';
import { stackKinds } from '../../../stacks/gcp/naming.js';

/** What the configurations of a stage are synthesized from, wherever they are put. */
export const stageRequest = synthRequestSchema.omit({ outdir: true });
export type StageRequest = z.output<typeof stageRequest>;

/** The agent and stage that names are made of. */
export const stageScope = z.strictObject({ name: z.string(), stage: z.string() });

/** Outputs of a configuration, as texts. */
export const stackOutputs = z.record(z.string(), z.string());

/** The configuration that a step is about. */
export const stackKind = z.enum(stackKinds);

/** Versions of secrets, by their names. */
export const secretVersions = z.record(z.string(), z.string());

/** A service or worker pool, and what is known of it. */
export const runService = z.strictObject({
  /** In the config file. */
  name: z.string(),
  /** On Cloud Run. */
  runName: z.string(),
  kind: z.enum(['service', 'worker']),
});

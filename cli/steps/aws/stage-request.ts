import * as z from 'zod';
import { synthRequestSchema } from '../../../stacks/aws/synth-request.js';

/** What the stacks of a stage are synthesized from, wherever the templates are put. */
export const stageRequest = synthRequestSchema.omit({ outdir: true });
export type StageRequest = z.output<typeof stageRequest>;

/** The agent and stage that names are made of. */
export const stageScope = z.strictObject({ name: z.string(), stage: z.string() });

/** Outputs of a stack, as CloudFormation returns them. */
export const stackOutputs = z.record(z.string(), z.string());

/** The stack that a step is about. */
export const stackKind = z.enum(['foundation', 'migrations', 'service']);

import { resolve } from 'node:path';
import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Copies a build context into the store and prepares it there; a content hash that is there already is not built again. */
export const buildArtifact = defineStep<LocalTools>()({
  kind: 'build-artifact',
  inputs: z.strictObject({
    /** Relative to the config file. */
    context: z.string(),
    build: z.array(z.array(z.string())),
    digest: z.string(),
  }),
  outputs: z.strictObject({ digest: z.string(), directory: z.string(), reused: z.boolean() }),
  describe: ({ context }) => `build ${show(context) === '.' ? 'the agent' : show(context)}`,
  async run({ context, build, digest }, { tools, signal, log }) {
    const built = await tools.artifacts.build({
      context: resolve(tools.projectDirectory, context),
      recipe: { build },
      digest,
      env: tools.environment,
      signal,
      log,
    });
    return { digest, ...built };
  },
});

import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';

/** Deletes a database instance, whatever its protection; one that is gone is no error. Snapshots stay. */
export const removeDatabase = defineStep<AwsStepTools>()({
  kind: 'remove-database',
  inputs: z.strictObject({ instance: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ instance }) => `delete the database ${show(instance)}`,
  async run({ instance }, { tools, signal, log }) {
    await tools.aws.database.remove(instance, { signal, log });
    return {};
  },
});

import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';

/** Recovery: puts the database that a restore was to replace back in its place, and deletes the copy that was made of the backup. */
export const returnDatabase = defineStep<AwsStepTools>()({
  kind: 'return-database',
  inputs: z.strictObject({
    instance: z.string(),
    /** What the new instance is called until the swap. */
    restored: z.string(),
    /** What the old instance is called after it. */
    replaced: z.string(),
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ instance }) => `have ${show(instance)} be the database of before`,
  async run({ instance, restored, replaced }, { tools, signal, log }) {
    const { database } = tools.aws;
    const run = { signal, log };
    // A change of name that was asked for goes on, whoever waits for it.
    const [inPlace, movedAway] = [await database.settled(instance, run), await database.settled(replaced, run)];
    if (movedAway !== undefined) {
      if (inPlace !== undefined) await database.rename(instance, restored, run);
      await database.rename(replaced, instance, run);
      log(`${instance} is in its place again`);
    }
    if ((await database.state(restored, signal)) !== undefined) await database.remove(restored, run);
    return {};
  },
});

import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { givePassword } from './give-password.js';
import { stageScope } from './stage-request.js';

/**
 * Has the database hold what a backup holds. Cloud SQL does it in place: host and name stay what services know, and it does
 * not answer meanwhile. What is replaced was backed up before.
 */
export const restoreDatabase = defineStep<GcpStepTools>()({
  kind: 'restore-database',
  inputs: z.strictObject({
    scope: stageScope,
    instance: z.string(),
    backup: z.string(),
    /** The backup of what is replaced. */
    saved: z.string(),
  }),
  outputs: z.strictObject({ replaced: z.string() }),
  describe: ({ backup }) => `restore ${show(backup)} in the place of the database, which does not answer meanwhile`,
  async run({ scope, instance, backup, saved }, { tools, signal, log }) {
    await tools.gcp.database.restore({ instance, backup }, { signal, log });
    // A backup brings the password of its time along.
    await givePassword({ scope, instance }, { tools, signal });
    log(`${instance} is as ${backup} was; what it replaces is kept as backup ${saved}`);
    return { replaced: saved };
  },
});

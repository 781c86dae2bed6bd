import * as z from 'zod';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { givePassword } from './give-password.js';
import { stageScope } from './stage-request.js';

/** Recovery: restores what was there before a restore that failed. */
export const returnDatabase = defineStep<GcpStepTools>()({
  kind: 'return-database',
  inputs: z.strictObject({
    scope: stageScope,
    instance: z.string(),
    /** Of the backup that was taken before. */
    description: z.string(),
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ instance }) => `have ${show(instance)} hold what it held before`,
  async run({ scope, instance, description }, { tools, signal, log }) {
    const { database } = tools.gcp;
    // What was asked for goes on, whoever waits for it.
    await database.settled(instance, { signal, log });
    const saved = (await database.backups(instance, signal)).find((one) => one.description === description);
    if (saved === undefined) {
      throw new AgentctlError('ToolFailed', `the backup that was taken of ${instance} before the restore is gone`, {
        fix: `choose one by hand: gcloud sql backups list --instance=${instance}`,
      });
    }
    await database.restore({ instance, backup: saved.id }, { signal, log });
    await givePassword({ scope, instance }, { tools, signal });
    log(`${instance} is as it was`);
    return {};
  },
});

import * as z from 'zod';
import { databaseLoginOf } from '../../../stacks/aws/generated-secrets.js';
import { generatedSecretName } from '../../../stacks/aws/naming.js';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stageScope } from './stage-request.js';

/** The tag of an instance that was replaced: the snapshot that took its place. */
export const replacedByTag = 'agentctl:replaced-by';

/**
 * Makes a new instance from a snapshot and swaps the names of the two: host and password stay what services know. The
 * database goes on serving until the swap; what is replaced is kept under another name.
 */
export const restoreDatabase = defineStep<AwsStepTools>()({
  kind: 'restore-database',
  inputs: z.strictObject({
    scope: stageScope,
    snapshot: z.string(),
    instance: z.string(),
    /** What the new instance is called until the swap. */
    restored: z.string(),
    /** What the old instance is called after it. */
    replaced: z.string(),
  }),
  outputs: z.strictObject({ replaced: z.string() }),
  describe: ({ snapshot }) => `restore ${show(snapshot)} beside the database, and swap the two`,
  async run({ scope, snapshot, instance, restored, replaced }, { tools, signal, log }) {
    const { database } = tools.aws;
    const run = { signal, log };
    const isMovedAway = (await database.state(replaced, signal)) !== undefined;
    if (!isMovedAway) {
      const tags = { 'agentctl:name': scope.name, 'agentctl:stage': scope.stage, 'agentctl:backup': snapshot };
      await database.restore({ snapshot, instance: restored, like: instance, tags }, run);
      // A snapshot brings the password of its time along.
      await database.setPassword(restored, await passwordOf(generatedSecretName(scope, 'postgres')), run);
      await database.tag(instance, { [replacedByTag]: snapshot }, signal);
      log(`${instance} is moved away: it does not answer until the restored one has its name`);
      await database.rename(instance, replaced, run);
    }
    if ((await database.state(restored, signal)) !== undefined) await database.rename(restored, instance, run);
    log(`${instance} is as ${snapshot} was; what it replaces is kept as ${replaced}`);
    return { replaced };

    async function passwordOf(name: string): Promise<string> {
      const value = await tools.aws.secrets.read(name, signal);
      if (value !== undefined) return databaseLoginOf(value).password;
      throw new AgentctlError('SecretMissing', `the password of the database, ${name}, is gone`, {
        fix: 'restore the secret in Secrets Manager (it is kept for 7 days after it was deleted)',
      });
    }
  },
});

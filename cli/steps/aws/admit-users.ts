import * as z from 'zod';
import { databaseLoginOf, poolerUsersText } from '../../../stacks/aws/generated-secrets.js';
import { generatedSecretName, poolerUsersSecretName } from '../../../stacks/aws/naming.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { tagsOf } from './ensure-secrets.js';
import { stackOutputs, stageScope } from './stage-request.js';

/**
 * Has the pooler let in whoever has the current password, and log in to the database with it: it reads both at its start, so
 * it is restarted when they are newer than its tasks are.
 */
export const admitUsers = defineStep<AwsStepTools>()({
  kind: 'admit-users',
  inputs: z.strictObject({
    scope: stageScope,
    /** Of the foundation stack. */
    foundation: stackOutputs,
    /** Nobody else: what runs with a password of before has ended. */
    only: z.boolean(),
  }),
  outputs: z.strictObject({ restarted: z.boolean() }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ only }) =>
    only === true
      ? 'make sure that the pooler takes no other password'
      : 'make sure that the pooler takes the password of now',
  async run({ scope, foundation, only }, { tools, signal, log }) {
    const { secrets, services } = tools.aws;
    const { ClusterName: cluster, PoolerServiceName: service } = foundation;
    const login = await secrets.read(generatedSecretName(scope, 'postgres'), signal);
    if (cluster === undefined || service === undefined || login === undefined) return { restarted: false };
    const name = poolerUsersSecretName(scope);
    const before = (await secrets.read(name, signal)) ?? '';
    const value = poolerUsersText(databaseLoginOf(login), only ? '' : before);
    if (value !== before) await secrets.put({ name, value, tags: tagsOf(scope) }, signal);
    const since = (await secrets.state(name, signal))?.changedAt ?? new Date(0).toISOString();
    return { restarted: await services.restart({ cluster, service, since, signal, log }) };
  },
});

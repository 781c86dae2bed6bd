import * as client from '@aws-sdk/client-sts';
import { credentials } from '../../credentials.js';
import type { CallContext, FakeService } from '../../fake-service.js';
import { ServiceError } from '../../service-error.js';
import { iamState } from '../iam/iam-state.js';

/** Who calls, and roles to become. Trust policies are not evaluated. */
export const sts: FakeService = {
  name: 'sts',
  protocol: 'query',
  client,
  operations: (world) => ({
    GetCallerIdentity(_input: client.GetCallerIdentityCommandInput, { accessKeyId = '' }: CallContext) {
      const arn = world.state(credentials).principal(accessKeyId);
      return { Account: world.accountId, Arn: arn, UserId: `AIDA${accessKeyId.slice(4)}` };
    },
    AssumeRole({ RoleArn = '', RoleSessionName = '' }: client.AssumeRoleCommandInput) {
      const name = RoleArn.split('/').at(-1) ?? '';
      if (!world.state(iamState).roles.has(name)) {
        throw new ServiceError('AccessDenied', `not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, {
          status: 403,
        });
      }
      const arn = `arn:aws:sts::${world.accountId}:assumed-role/${name}/${RoleSessionName}`;
      const { accessKeyId, secretAccessKey } = world.state(credentials).issue(arn, 'ASIA');
      return {
        AssumedRoleUser: { Arn: arn, AssumedRoleId: `AROA:${RoleSessionName}` },
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          SessionToken: world.newId(32),
          Expiration: new Date(Date.now() + 3_600_000),
        },
      };
    },
  }),
};

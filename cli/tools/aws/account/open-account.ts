import { AgentctlError } from '../../../errors.js';
import type { AwsToolsOptions } from '../aws-tools.js';
import type { AwsClients } from '../clients/aws-clients.js';
import type { AccountTools, AwsIdentity } from './account-tools.js';

/** Opens {@link AccountTools}. */
export function openAccount(clients: AwsClients, { accountId: pinned }: AwsToolsOptions): AccountTools {
  let known: AwsIdentity | undefined;
  return {
    async identity(signal) {
      if (known !== undefined) return known;
      const sts = await clients.sts();
      const { Account: accountId = '', Arn: arn = '' } = await sts.getCallerIdentity({}, { abortSignal: signal });
      if (pinned !== undefined && pinned !== accountId) throw otherAccount(pinned, accountId, arn);
      known = { accountId, arn, region: await clients.region() };
      return known;
    },
  };
}

function otherAccount(pinned: string, found: string, arn: string): AgentctlError {
  return new AgentctlError('Refused', `these credentials are of account ${found} (${arn}), not of ${pinned}`, {
    fix: `log in to account ${pinned}, or correct clouds.aws.account in agentctl.yaml`,
  });
}

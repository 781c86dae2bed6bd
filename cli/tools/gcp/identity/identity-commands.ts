import { dictionaryText, type GcloudWords, listText } from '../gcloud/gcloud-argv.js';
import type { ProviderName, ProviderState, RoleGrant } from './identity-tools.js';

const pools = ['iam', 'workload-identity-pools'] as const;
const everywhere = '--location=global';
const userRole = '--role=roles/iam.workloadIdentityUser';

/** Pure: command lines of workload identity federation, service accounts and what they may do. */
export const identityCommands = {
  pool: (pool: string): GcloudWords => [...pools, 'describe', pool, everywhere],
  createPool: (pool: string): GcloudWords => [...pools, 'create', pool, everywhere, '--display-name=GitHub Actions'],
  undeletePool: (pool: string): GcloudWords => [...pools, 'undelete', pool, everywhere],
  provider: (name: ProviderName): GcloudWords => [...pools, 'providers', 'describe', ...of(name)],
  undeleteProvider: (name: ProviderName): GcloudWords => [...pools, 'providers', 'undelete', ...of(name)],
  putProvider: (
    how: 'create-oidc' | 'update-oidc',
    name: ProviderName,
    { issuer, condition, mapping }: Omit<ProviderState, 'isDeleted'>,
  ): GcloudWords => [
    ...pools,
    'providers',
    how,
    ...of(name),
    `--issuer-uri=${issuer}`,
    `--attribute-mapping=${dictionaryText(mapping)}`,
    `--attribute-condition=${condition}`,
  ],
  // Describing one that is not there is denied, not told as missing.
  accounts: (email: string): GcloudWords => ['iam', 'service-accounts', 'list', `--filter=email=${email}`],
  createAccount: (accountId: string, displayName: string): GcloudWords => [
    'iam',
    'service-accounts',
    'create',
    accountId,
    `--display-name=${displayName}`,
  ],
  accountPolicy: (email: string): GcloudWords => ['iam', 'service-accounts', 'get-iam-policy', email],
  letUse: (email: string, member: string): GcloudWords => [
    'iam',
    'service-accounts',
    'add-iam-policy-binding',
    email,
    userRole,
    `--member=${member}`,
  ],
  projectPolicy: (project: string): GcloudWords => ['projects', 'get-iam-policy', project],
  grant: (project: string, member: string, { role, condition }: RoleGrant): GcloudWords => [
    'projects',
    'add-iam-policy-binding',
    project,
    `--member=${member}`,
    `--role=${role}`,
    `--condition=${condition === null ? 'None' : listText([`title=agentctl`, `expression=${condition}`])}`,
  ],
} as const;

function of({ pool, provider }: ProviderName): readonly string[] {
  return [provider, `--workload-identity-pool=${pool}`, everywhere];
}

import type { AgentSpec } from '../../../stacks/spec/index.js';
import { shortHash } from '../../../stacks/stage/stage-scope.js';
import { AgentctlError } from '../../errors.js';
import type { GcpTools } from '../../tools/gcp/gcp-tools.js';
import type { ProviderState } from '../../tools/gcp/identity/identity-tools.js';
import { deployRoles } from './deploy-roles.js';

/** One pool for all workflows; each repository and environment has a provider and an account of its own. */
const pool = 'agentctl-github';
const issuer = 'https://token.actions.githubusercontent.com';
/** What takes on an identity of another cloud needs these APIs as well. */
export const identityApis = ['iamcredentials', 'sts'] as const;

export interface GithubIdentityOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  /** `owner/repo`. */
  readonly github: string;
  /** Environment of GitHub. */
  readonly environment: string;
  readonly project: string;
}

/** Pure: what the identity of a repository and environment is called. */
export function githubIdentityNames({ spec, github, environment, project }: Omit<GithubIdentityOptions, 'stage'>) {
  const subject = `repo:${github}:environment:${environment}`;
  const hash = shortHash(subject, 6);
  // 30 characters are the most of an account, 32 of a provider.
  const accountId = `${spec.name.slice(0, 19)}-ci-${hash}`;
  return {
    subject,
    accountId,
    email: `${accountId}@${project}.iam.gserviceaccount.com`,
    name: { pool, provider: `github-${hash}` },
    wanted: {
      issuer,
      mapping: { 'google.subject': 'assertion.sub' },
      // Without a condition every repository of GitHub gets in (CKV_GCP_118, CKV_GCP_125, GCP-0068).
      condition: `assertion.sub == '${subject}'`,
    } satisfies Omit<ProviderState, 'isDeleted'>,
  };
}

/** What is missing: a line, and how it is made. */
export interface IdentityTask {
  readonly line: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Looks at what there is. Every task can be run again. */
export async function githubIdentityTasks(
  options: GithubIdentityOptions,
  { identity, account }: Pick<GcpTools, 'identity' | 'account'>,
  signal: AbortSignal,
): Promise<{
  readonly tasks: readonly IdentityTask[];
  readonly provider: string;
  readonly email: string;
  readonly subject: string;
}> {
  const { spec, stage, project } = options;
  const { subject, accountId, email, name, wanted } = githubIdentityNames(options);
  if (subject.length > 127) {
    throw new AgentctlError(
      'UsageInvalid',
      `${subject} has ${subject.length} characters, and Google takes 127 of a subject`,
      {
        fix: 'give the environment of GitHub a shorter name',
      },
    );
  }
  const { projectNumber } = await account.identity(signal);
  const poolName = `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}`;
  const member = `serviceAccount:${email}`;
  const user = `principal://iam.googleapis.com/${poolName}/subject/${subject}`;
  const [before, hasAccount, granted] = await Promise.all([
    identity.pool(pool, signal),
    identity.hasAccount(email, signal),
    identity.grantsOf(member, signal),
  ]);
  const there = before === null || before.isDeleted ? null : await identity.provider(name, signal);
  const users = hasAccount ? await identity.usersOf(email, signal) : [];
  const missing = deployRoles(spec, stage, project).filter(
    (grant) => !granted.some(({ role, condition }) => role === grant.role && condition === grant.condition),
  );
  const tasks: readonly (IdentityTask | false)[] = [
    before === null && {
      line: `makes the workload identity pool ${pool}`,
      run: async (stop) => await identity.createPool(pool, stop),
    },
    before?.isDeleted === true && {
      line: `brings back the workload identity pool ${pool}`,
      run: async (stop) => await identity.undeletePool(pool, stop),
    },
    !isSame(there, wanted) && {
      line: `lets in GitHub’s tokens of exactly ${subject}`,
      // A pool that comes back brings its providers.
      run: async (stop) => await identity.putProvider(name, wanted, await identity.provider(name, stop), stop),
    },
    !hasAccount && {
      line: `makes the service account ${email}`,
      run: async (stop) => await identity.createAccount(accountId, `agentctl in ${options.github}`, stop),
    },
    !users.includes(user) && {
      line: `lets them be ${email}`,
      run: async (stop) => await identity.letUse(email, user, stop),
    },
    ...missing.map((grant) => ({
      line: `grants it ${grant.role}${grant.condition === null ? '' : ', limited to roles that agents get'}`,
      run: async (stop: AbortSignal) => await identity.grant(member, grant, stop),
    })),
  ];
  return {
    tasks: tasks.filter((task) => task !== false),
    provider: `${poolName}/providers/${name.provider}`,
    email,
    subject,
  };
}

function isSame(there: ProviderState | null, wanted: Omit<ProviderState, 'isDeleted'>): boolean {
  return (
    there !== null &&
    !there.isDeleted &&
    there.issuer === wanted.issuer &&
    there.condition === wanted.condition &&
    there.mapping['google.subject'] === wanted.mapping['google.subject']
  );
}

/** Pure: the step of a workflow that takes on the identity. */
export function workflowHint({ provider, email }: { readonly provider: string; readonly email: string }): string {
  return [
    'permissions: { id-token: write, contents: read }',
    'steps:',
    '  - uses: google-github-actions/auth@v3',
    '    with:',
    `      workload_identity_provider: ${provider}`,
    `      service_account: ${email}`,
  ].join('\n');
}

import { rolePath } from '../../../stacks/aws/naming.js';
import { statefulTypes } from '../../../stacks/aws/policy/index.js';
import { openAwsTools } from '../../tools/aws/open-aws-tools.js';
import type { StackRun } from '../../tools/aws/stacks/stack-tools.js';
import { bootstrapTemplate } from './bootstrap-template.js';

export interface OpenBootstrapOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
}

/** Workflows that may deploy. */
export interface DeployRole {
  /** `owner/repo`. */
  readonly github: string;
  /** Of GitHub. */
  readonly environment: string;
  /** Of the agent, which the names of its stacks begin with. */
  readonly name: string;
}

/** What is there already. */
export interface BootstrapState {
  readonly accountId: string;
  readonly region: string;
  /** Who asks. */
  readonly arn: string;
  readonly isNew: boolean;
  /** Whom the role for GitHub is for, `repo:…`, and what the names of its stacks begin with. */
  readonly role: { readonly subject: string; readonly stackPrefix: string } | undefined;
}

/** What was prepared. */
export interface Bootstrapped {
  readonly changed: boolean;
  /** The state bucket. */
  readonly bucket: string;
  readonly roleArn: string | undefined;
}

/** Pure: what GitHub's token says exactly when a workflow runs in this environment of this repository. */
export function githubSubject({ github, environment }: Pick<DeployRole, 'github' | 'environment'>): string {
  return `repo:${github}:environment:${environment}`;
}

function roleParameters(role: DeployRole): Record<string, string> {
  return {
    GithubSubject: githubSubject(role),
    StackPrefix: `${role.name}-`,
    RolePath: rolePath(role.name),
  };
}

/** Opens what prepares an account and region. */
export function openBootstrap({ environment, region, accountId }: OpenBootstrapOptions) {
  const aws = openAwsTools({ environment, region, accountId, statefulTypes: Object.keys(statefulTypes) });
  /** An account has one provider for GitHub: one that is there is taken, one that this stack made stays with it. */
  const providerArn = async (signal: AbortSignal): Promise<string> => {
    const state = await aws.bootstrap.current(signal);
    const { GithubSubject = '', GithubProviderArn = '' } = state?.parameters ?? {};
    const isOurs = GithubSubject !== '' && GithubProviderArn === '';
    return isOurs ? '' : ((await aws.bootstrap.githubProvider(signal)) ?? '');
  };
  return {
    async look(signal: AbortSignal): Promise<BootstrapState> {
      const { accountId, region, arn } = await aws.account.identity(signal);
      const state = await aws.bootstrap.current(signal);
      const { GithubSubject: subject = '', StackPrefix: stackPrefix = '' } = state?.parameters ?? {};
      const role = subject === '' ? undefined : { subject, stackPrefix };
      return { accountId, region, arn, isNew: state === undefined, role };
    },
    async deploy(role: DeployRole | undefined, run: StackRun): Promise<Bootstrapped> {
      const parameters =
        role === undefined ? {} : { ...roleParameters(role), GithubProviderArn: await providerArn(run.signal) };
      const { changed, state } = await aws.bootstrap.deploy({ ...run, template: bootstrapTemplate(), parameters });
      const bucket = state.outputs['StateBucketName'] ?? (await aws.state.bucketName(run.signal));
      return { changed, bucket, roleArn: state.outputs['GithubDeployRoleArn'] };
    },
    close: async (): Promise<void> => {
      aws.close();
      await Promise.resolve();
    },
  };
}

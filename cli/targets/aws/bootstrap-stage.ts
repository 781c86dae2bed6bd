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

/** What was prepared. */
export interface Bootstrapped {
  readonly changed: boolean;
  /** The state bucket. */
  readonly bucket: string;
  readonly roleArn: string | undefined;
}

/** Opens what prepares an account and region. */
export function openBootstrap({ environment, region, accountId }: OpenBootstrapOptions) {
  const aws = openAwsTools({ environment, region, accountId, statefulTypes: Object.keys(statefulTypes) });
  return {
    async look(signal: AbortSignal) {
      const identity = await aws.account.identity(signal);
      return { ...identity, version: await aws.bootstrap.version(signal) };
    },
    async deploy(role: DeployRole | undefined, run: StackRun): Promise<Bootstrapped> {
      const parameters: Record<string, string> =
        role === undefined
          ? {}
          : {
              GithubSubject: `repo:${role.github}:environment:${role.environment}`,
              StackPrefix: `${role.name}-`,
            };
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

import { AgentctlError } from '../errors.js';

export interface GithubOptions {
  /** `owner/repo`. */
  readonly github?: string;
  /** Environment of GitHub. */
  readonly environment?: string;
}

/** Which workflows are to deploy; undefined: none. @throws UsageInvalid */
export function githubOptions({ github, environment }: GithubOptions): Required<GithubOptions> | undefined {
  if (github !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(github)) {
    throw new AgentctlError('UsageInvalid', `--github "${github}" is not owner/repo`, {
      fix: 'write it as in the address of the repository: --github acme/support-agent',
    });
  }
  if ((github === undefined) !== (environment === undefined)) {
    throw new AgentctlError('UsageInvalid', '--github and --environment go together', {
      fix: 'name the repository and the environment of GitHub that its deploys run in: --github acme/support-agent --environment production',
    });
  }
  return github === undefined || environment === undefined ? undefined : { github, environment };
}

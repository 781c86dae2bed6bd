import { stateBucketName } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import type { BucketState } from '../../tools/gcp/bootstrap/bootstrap-tools.js';
import type { GcpTools } from '../../tools/gcp/gcp-tools.js';
import { openGcpTools } from '../../tools/gcp/open-gcp-tools.js';
import { type GithubIdentityOptions, githubIdentityTasks, identityApis } from './github-identity.js';

/** What has to be enabled before Terraform can enable the rest. */
export const neededApis = ['cloudresourcemanager', 'iam', 'run', 'secretmanager', 'serviceusage', 'storage'] as const;

export interface OpenGcpBootstrapOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly project: string;
  readonly region: string;
  /** Which workflows are to deploy what. @default - none */
  readonly github?: GithubIdentityOptions | undefined;
}

/** What is there already. */
export interface GcpBootstrapState {
  /** Who asks. */
  readonly account: string | null;
  readonly bucket: string;
  /** Lines that say what would be done; empty: nothing. */
  readonly todo: readonly string[];
}

/** What was made. */
export interface PreparedProject {
  readonly changed: boolean;
  /** Whom workflows become; undefined: that was not asked for. */
  readonly identity: { readonly subject: string; readonly email: string; readonly provider: string } | undefined;
}

/** Opens what prepares a project. */
export function openGcpBootstrap(
  { environment, project, region, github }: OpenGcpBootstrapOptions,
  gcp: Pick<GcpTools, 'account' | 'state' | 'bootstrap' | 'identity'> = openGcpTools({
    environment,
    project,
    region,
    stateBucket: stateBucketName(project),
  }),
) {
  const { bucketName } = gcp.state;
  const apis = [...neededApis, ...(github === undefined ? [] : identityApis)];
  // Without its API nothing can be said of it.
  const identityTasks = async (missing: readonly string[], signal: AbortSignal) =>
    github === undefined || missing.includes('iam') || missing.includes('cloudresourcemanager')
      ? undefined
      : await githubIdentityTasks(github, gcp, signal);
  const look = async (signal: AbortSignal) => {
    const [{ account }, enabled] = await Promise.all([
      gcp.account.identity(signal),
      gcp.bootstrap.enabledServices(signal),
    ]);
    const missing = apis.filter((api) => !enabled.has(api));
    // Without its API nothing can be said of a bucket.
    const bucket = missing.includes('storage') ? null : await gcp.bootstrap.bucket(bucketName, signal);
    // A name that somebody else has: the bucket is there, and not in this project.
    if (bucket !== null && !(await gcp.state.exists(signal)))
      throw new AgentctlError('Refused', `${bucketName} is gone`, { fix: 'run it again' });
    return { account, missing, bucket };
  };
  return {
    async look(signal: AbortSignal): Promise<GcpBootstrapState> {
      const { account, missing, bucket } = await look(signal);
      const identity = await identityTasks(missing, signal);
      const unknown =
        github === undefined || identity !== undefined ? [] : ['makes an identity for workflows of GitHub'];
      return {
        account,
        bucket: bucketName,
        todo: [
          ...enableLines(missing),
          ...bucketLines(bucket, bucketName, region),
          ...(identity?.tasks.map(({ line }) => line) ?? unknown),
        ],
      };
    },
    async prepare(signal: AbortSignal, log: (line: string) => void): Promise<PreparedProject> {
      const { missing } = await look(signal);
      if (missing.length > 0) {
        log(`enabling ${missing.join(', ')}`);
        await gcp.bootstrap.enableServices(missing, signal);
      }
      const { bucket } = await look(signal);
      if (bucket === null) {
        log(`making gs://${bucketName}`);
        await gcp.bootstrap.createBucket(bucketName, region, signal);
      } else if (!isSecure(bucket)) {
        log(`making gs://${bucketName} private and versioned`);
        await gcp.bootstrap.secureBucket(bucketName, signal);
      }
      const identity = await identityTasks([], signal);
      for (const task of identity?.tasks ?? []) {
        log(task.line);
        await task.run(signal);
      }
      const hasNew = (identity?.tasks.length ?? 0) > 0;
      return { changed: missing.length > 0 || bucket === null || !isSecure(bucket) || hasNew, identity };
    },
  };
}

function isSecure({ isVersioned, isUniform, isPrivate, keepsDeleted }: BucketState): boolean {
  return isVersioned && isUniform && isPrivate && keepsDeleted;
}

function enableLines(missing: readonly string[]): readonly string[] {
  return missing.length === 0 ? [] : [`enables the APIs ${missing.join(', ')}`];
}

function bucketLines(bucket: BucketState | null, name: string, region: string): readonly string[] {
  if (bucket === null)
    return [`makes the bucket gs://${name} in ${region}: private, versioned, deleted objects kept for 7 days`];
  return isSecure(bucket) ? [] : [`makes the bucket gs://${name} private and versioned`];
}

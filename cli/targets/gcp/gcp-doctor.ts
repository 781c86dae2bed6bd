import { isAgentctlError } from '../../errors.js';
import type { Finding } from '../target.js';
import { neededApis } from './bootstrap-stage.js';
import type { GcpTargetOptions } from './gcp-target-options.js';
import type { StageTools } from './open-stage-tools.js';

/** Looks at what a deploy needs before it begins: programs, login, state bucket, APIs. */
export async function gcpDoctor(
  { flags, project }: Pick<GcpTargetOptions, 'flags' | 'project'>,
  { gcp, terraform }: StageTools,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const checks: readonly (readonly [string, () => Promise<Finding>])[] = [
    [
      'terraform',
      async () => {
        const { product, version } = await terraform.program(signal);
        return ok('terraform', `${product} ${version}`);
      },
    ],
    [
      'login',
      async () => {
        const { account, projectNumber } = await gcp.account.identity(signal);
        return ok('login', `${account ?? 'a token'} in ${project} (${projectNumber})`);
      },
    ],
    [
      'state bucket',
      async () => {
        const { bucketName } = gcp.state;
        if (await gcp.state.exists(signal)) return ok('state bucket', bucketName);
        const fix = `agentctl bootstrap ${flags}`;
        return { level: 'problem', subject: 'state bucket', message: `there is no bucket ${bucketName}`, fix };
      },
    ],
    [
      'APIs',
      async () => {
        const enabled = await gcp.bootstrap.enabledServices(signal);
        const missing = neededApis.filter((api) => !enabled.has(api));
        if (missing.length === 0) return ok('APIs', 'what is needed to begin with is enabled');
        const message = `not enabled: ${missing.join(', ')}`;
        return { level: 'problem', subject: 'APIs', message, fix: `agentctl bootstrap ${flags}` };
      },
    ],
  ];
  return await Promise.all(
    checks.map(async ([subject, look]) => {
      try {
        return await look();
      } catch (error) {
        if (!isAgentctlError(error)) throw error;
        return { level: 'problem', subject, message: error.message, fix: error.fix } as const;
      }
    }),
  );
}

function ok(subject: string, message: string): Finding {
  return { level: 'ok', subject, message };
}

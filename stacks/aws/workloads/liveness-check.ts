import type { HealthCheck } from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import { containerCheckLimits as limits, within } from '../../../constructs/aws/limits/health-check-limits.js';
import type { HealthSpec } from '../../spec/index.js';

/**
 * The liveness check of a container: ECS has no HTTP checks, so one of the programs that images have makes the request. An
 * image that has none of them is taken for alive.
 */
export function livenessCheck({ liveness, startupTimeout }: HealthSpec, port: number): HealthCheck | undefined {
  if (liveness === undefined) return undefined;
  const timeout = within(limits.timeout, liveness.timeout.seconds);
  const start = Math.max(liveness.initialDelay.seconds, startupTimeout.seconds);
  return {
    command: ['CMD-SHELL', requestCommand(`http://127.0.0.1:${port}${liveness.path}`, timeout)],
    interval: Duration.seconds(within(limits.interval, liveness.interval.seconds)),
    timeout: Duration.seconds(timeout),
    retries: within(limits.failures, liveness.failures),
    startPeriod: Duration.seconds(within(limits.startPeriod, start)),
  };
}

function requestCommand(url: string, timeoutSeconds: number): string {
  const python = `import urllib.request as r; r.urlopen(r.Request('${url}'), timeout=${timeoutSeconds})`;
  const node = `fetch('${url}').then((answer) => { if (!answer.ok) throw answer; })`;
  return [
    `if command -v curl >/dev/null; then curl -fsS -o /dev/null -m ${timeoutSeconds} '${url}'`,
    `elif command -v wget >/dev/null; then wget -q -O /dev/null -T ${timeoutSeconds} '${url}'`,
    `elif command -v python3 >/dev/null; then python3 -c "${python}"`,
    `elif command -v node >/dev/null; then node -e "${node}"`,
    'fi',
  ].join('; ');
}

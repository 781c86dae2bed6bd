import {
  containerCheckLimits,
  type Limits,
  targetCheckLimits,
  within,
} from '../../../constructs/aws/limits/health-check-limits.js';
import type { SpecPath } from '../problem.js';
import type { AgentSpec } from '../schema/agent.js';
import type { ProbeSpec } from '../schema/health.js';

/** The places of health check settings that AWS has no such value for, so that the nearest one is used. */
export function awsAdjustedChecks(spec: AgentSpec): readonly SpecPath[] {
  return Object.entries(spec.services).flatMap(([name, { health, port, routes }]) => {
    const path = ['services', name, 'health'];
    const readiness = port === undefined || routes.length === 0 ? undefined : health.readiness;
    const isAsked = port !== undefined && spec.clouds.aws?.containers.shell !== false;
    return [
      ...adjusted(readiness, targetCheckLimits, [...path, 'readiness']),
      ...adjusted(isAsked ? health.liveness : undefined, containerCheckLimits, [...path, 'liveness']),
    ];
  });
}

type CheckLimits = Readonly<Record<'interval' | 'timeout' | 'failures', Limits>>;

function adjusted(probe: ProbeSpec | undefined, limits: CheckLimits, path: SpecPath): readonly SpecPath[] {
  if (probe === undefined) return [];
  const values = { interval: probe.interval.seconds, timeout: probe.timeout.seconds, failures: probe.failures };
  const fields = (['interval', 'timeout', 'failures'] as const).filter(
    (field) => within(limits[field], values[field]) !== values[field],
  );
  return fields.map((field) => [...path, field]);
}

import { request as httpRequest } from 'node:http';
import type { FakeTiming } from '../../fake-timing.js';

/** States of `DescribeTargetHealth`. */
export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining';

export interface Target {
  /** Its address. */
  readonly id: string;
  readonly port: number;
  state: TargetState;
  reason: string | undefined;
  description: string | undefined;
  /** Requests that it is answering. */
  inFlight: number;
  /** Takes no new requests; resolves when those that it answers have ended, or the deregistration delay has passed. */
  readonly leave: () => Promise<void>;
}

export interface HealthCheck {
  readonly path: string;
  readonly matcher: string;
  readonly timeoutSeconds: number;
  readonly intervalSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetType: string;
  readonly vpcId: string | undefined;
  healthCheck: HealthCheck;
  attributes: Readonly<Record<string, string>>;
  readonly targets: ReadonlyMap<string, Target>;
  register(id: string, port: number): Target;
  close(): void;
}

export interface TargetGroupOptions {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetType: string;
  readonly vpcId: string | undefined;
  readonly healthCheck: HealthCheck;
  readonly attributes: Readonly<Record<string, string>>;
  readonly timing: FakeTiming;
}

const pollMilliseconds = 10;

/** A target group that checks its targets over HTTP. */
export function createTargetGroup({ timing, ...options }: TargetGroupOptions): TargetGroup {
  const targets = new Map<string, Target>();
  const timers = new Map<Target, NodeJS.Timeout>();
  let isClosed = false;
  const isThere = (target: Target): boolean => !isClosed && targets.get(keyOf(target)) === target;

  const watch = (target: Target): void => {
    let passed = 0;
    let failed = 0;
    const check = async (): Promise<void> => {
      const failure = await probe(target, group.healthCheck);
      if (!isThere(target) || target.state === 'draining') return;
      passed = failure === undefined ? passed + 1 : 0;
      failed = failure === undefined ? 0 : failed + 1;
      // A new target has to pass once only (ELB guide, "Health checks for your target groups").
      if (failure === undefined && (target.state === 'initial' || passed >= group.healthCheck.healthyThreshold)) {
        Object.assign(target, { state: 'healthy', reason: undefined, description: undefined });
      } else if (failure !== undefined && failed >= group.healthCheck.unhealthyThreshold) {
        Object.assign(target, { state: 'unhealthy', ...failure });
      }
      next();
    };
    const next = (): void =>
      void timers.set(
        target,
        setTimeout(() => void check(), timing.healthCheckMilliseconds),
      );
    next();
  };

  const leave = async (target: Target): Promise<void> => {
    Object.assign(target, {
      state: 'draining',
      reason: 'Target.DeregistrationInProgress',
      description: 'Target deregistration is in progress',
    });
    clearTimeout(timers.get(target));
    timers.delete(target);
    const delay = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300);
    const deadline = performance.now() + Math.min(delay, timing.longestDrainSeconds) * 1000;
    while (target.inFlight > 0 && performance.now() < deadline && !isClosed) {
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
    if (targets.get(keyOf(target)) === target) targets.delete(keyOf(target));
  };

  const group: TargetGroup = {
    ...options,
    targets,
    register(id, port) {
      const known = targets.get(keyOf({ id, port }));
      if (known !== undefined && known.state !== 'draining') return known;
      const target: Target = {
        id,
        port,
        state: 'initial',
        reason: 'Elb.RegistrationInProgress',
        description: 'Target registration is in progress',
        inFlight: 0,
        leave: async () => await leave(target),
      };
      targets.set(keyOf(target), target);
      watch(target);
      return target;
    },
    close() {
      isClosed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
  return group;
}

function keyOf({ id, port }: { readonly id: string; readonly port: number }): string {
  return `${id}:${port}`;
}

/** Undefined for a pass; else what `DescribeTargetHealth` says. */
async function probe(
  { id, port }: Target,
  { path, matcher, timeoutSeconds }: HealthCheck,
): Promise<{ reason: string; description: string } | undefined> {
  return await new Promise((resolve) => {
    const failed = { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
    const request = httpRequest({
      host: id,
      port,
      path,
      agent: false,
      headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
    });
    request.setTimeout(timeoutSeconds * 1000, () => {
      resolve({ reason: 'Target.Timeout', description: 'Request timed out' });
      request.destroy();
    });
    request.on('error', () => resolve(failed));
    request.on('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      const description = `Health checks failed with these codes: [${status}]`;
      resolve(matches(matcher, status) ? undefined : { reason: 'Target.ResponseCodeMismatch', description });
    });
    request.end();
  });
}

/** `200`, `200,204`, `200-299`. */
function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return status >= from && status <= to;
  });
}

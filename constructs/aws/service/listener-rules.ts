import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { mostConditionValues } from '../limits/listener-rule.js';
import type { PublicLoadBalancer } from '../load-balancer/public-load-balancer.js';

/** A path prefix that a service answers. */
export interface PathRoute {
  /** `/` for everything, or a prefix such as `/api`. */
  readonly path: string;
  /** Order among the rules of the listener, from 1; see `routePriorities`. */
  readonly priority: number;
}

/** How requests from outside reach a service. */
export interface IngressProps {
  readonly loadBalancer: PublicLoadBalancer;
  readonly routes: readonly PathRoute[];
}

/** Forwards routes to the target groups of a service, of which there are two when a rollout shifts traffic. */
export function listenerRules(
  scope: Construct,
  ingress: IngressProps,
  [production, alternate]: readonly elbv2.ApplicationTargetGroup[],
): readonly elbv2.ApplicationListenerRule[] {
  if (production === undefined) return [];
  if (alternate === undefined) return rollingRules(scope, ingress, production);
  return [shiftingRule(scope, ingress, [production, alternate])];
}

/** One rule for each route. */
function rollingRules(
  scope: Construct,
  { loadBalancer, routes }: IngressProps,
  targetGroup: elbv2.ApplicationTargetGroup,
): readonly elbv2.ApplicationListenerRule[] {
  return routes.map(
    ({ path, priority }) =>
      new elbv2.ApplicationListenerRule(scope, `Route${priority}`, {
        listener: loadBalancer.listener,
        priority,
        conditions: conditions(loadBalancer, patterns(path)),
        action: elbv2.ListenerAction.forward([targetGroup]),
      }),
  );
}

/** One rule for all routes: ECS shifts the weights of a single rule. It begins with all traffic on the first target group. */
function shiftingRule(
  scope: Construct,
  { loadBalancer, routes }: IngressProps,
  [production, alternate]: readonly [elbv2.ApplicationTargetGroup, elbv2.ApplicationTargetGroup],
): elbv2.ApplicationListenerRule {
  const paths = routes.flatMap(({ path }) => patterns(path));
  const values = paths.length + (loadBalancer.hostName === undefined ? 0 : 1);
  if (values > mostConditionValues)
    throw constructError(
      scope,
      `has ${values} conditions on its routes; a rollout that shifts traffic has one rule, of ${mostConditionValues}`,
    );
  const priority = Math.min(...routes.map((route) => route.priority));
  // Named as a rolling service names it: another rollout changes the rule, where a second one would find the priority taken.
  return new elbv2.ApplicationListenerRule(scope, `Route${priority}`, {
    listener: loadBalancer.listener,
    priority,
    conditions: conditions(loadBalancer, paths),
    action: elbv2.ListenerAction.weightedForward([
      { targetGroup: production, weight: 100 },
      { targetGroup: alternate, weight: 0 },
    ]),
  });
}

function patterns(path: string): readonly string[] {
  const prefix = path.replace(/\/+$/, '');
  return prefix === '' ? ['/*'] : [prefix, `${prefix}/*`];
}

function conditions({ hostName }: PublicLoadBalancer, paths: readonly string[]): elbv2.ListenerCondition[] {
  const byPath = elbv2.ListenerCondition.pathPatterns([...paths]);
  return hostName === undefined ? [byPath] : [elbv2.ListenerCondition.hostHeaders([hostName]), byPath];
}

/** Throws when a route is none. */
export function assertRoutes(scope: Construct, { routes }: IngressProps): void {
  if (routes.length === 0)
    throw constructError(scope, 'ingress has no routes; leave ingress out for a private service');
  const seen = new Set<number>();
  for (const { path, priority } of routes) {
    if (!path.startsWith('/') || path.includes('*'))
      throw constructError(scope, `the route "${path}" is not a path prefix such as /api`);
    if (!Number.isInteger(priority) || priority < 1 || priority > 50_000)
      throw constructError(scope, `the route ${path} has priority ${priority}, not a whole number from 1 to 50000`);
    if (seen.has(priority)) throw constructError(scope, `two routes have priority ${priority}`);
    seen.add(priority);
  }
}

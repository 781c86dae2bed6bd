import { mostConditionValues } from '../../../constructs/aws/limits/listener-rule.js';
import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

/** A rollout that shifts traffic has traffic to shift, and one rule of the load balancer to do it with. */
export const awsRollout: Rule = (spec, context) => {
  const { strategy } = spec.clouds.aws?.rollout ?? {};
  if (!context.targets.includes('aws') || strategy === undefined || strategy === 'rolling') return [];
  const path = ['clouds', 'aws', 'rollout', 'strategy'];
  const routed = Object.entries(spec.services).filter(([, { routes }]) => routes.length > 0);
  if (routed.length === 0 && !context.isUnsure('services')) {
    const message = `${strategy} shifts the traffic of the load balancer, and no service has routes`;
    return [{ code: 'not-supported', path, at: 'value', message, found: strategy, fix: 'use rolling, or add routes' }];
  }
  return routed.flatMap(([name, { routes }]): readonly SpecProblem[] => {
    // A prefix is two patterns, `/api` and `/api/*`; the host name is a condition as well.
    const patterns = routes.reduce((sum, { path: prefix }) => sum + (prefix === '/' ? 1 : 2), 0);
    const values = patterns + (spec.domain === undefined ? 0 : 1);
    if (values <= mostConditionValues) return [];
    const message = `${strategy} moves ${name} with one rule of the load balancer, and its routes are ${values} conditions of the ${mostConditionValues} that a rule has`;
    const fix = 'give it fewer routes, or use rolling';
    return [{ code: 'not-supported', path: ['services', name, 'routes'], at: 'value', message, fix }];
  });
};

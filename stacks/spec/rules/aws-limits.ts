import { hasSignedSearch } from '../search-access.js';
import { referencesIn } from '../template.js';
import { formatPath, type SpecPath, type SpecProblem } from '../problem.js';
import { formatQuantity } from '../schema/quantity.js';
import type { AgentSpec } from '../schema/agent.js';
import { mostValkeyMemory, valkeyNodeType } from '../valkey-nodes.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** What AWS has no way to do, and a field of the spec alone does not show. */
export const awsLimits: Rule = (spec, context) => {
  if (!context.targets.includes('aws')) return [];
  return [
    ...emptyVariables(spec),
    ...cacheMemory(spec),
    ...privateScaling(spec),
    ...metricNamespace(spec),
    ...searchLogin(spec),
  ];
};

/** Parameter Store and Secrets Manager take no empty value, and a literal would be the one variable that is not in them. */
function emptyVariables(spec: AgentSpec): readonly SpecProblem[] {
  const environments = [{ path: [] as SpecPath, env: spec.env }, ...workloadsOf(spec)];
  return environments.flatMap(({ path, env }) =>
    Object.entries(env).flatMap(([name, text]): readonly SpecProblem[] => {
      if (text !== '') return [];
      const place = [...path, 'env', name];
      const message = `${formatPath(place)} is empty, and AWS keeps no empty value`;
      return [{ code: 'not-supported', path: place, at: 'value', message, fix: 'leave the variable out' }];
    }),
  );
}

function cacheMemory({ cache, clouds }: AgentSpec): readonly SpecProblem[] {
  if (cache?.kind !== 'managed' || clouds.aws?.cache.nodeType !== undefined) return [];
  if (valkeyNodeType(cache.memory) !== undefined) return [];
  const message = `ElastiCache has no node with ${formatQuantity(cache.memory)} for data`;
  const allowed = [`up to ${formatQuantity(mostValkeyMemory)}`];
  const fix = 'lower cache.memory';
  return [{ code: 'size-not-offered', path: ['cache', 'memory'], at: 'value', message, allowed, fix }];
}

/** Requests and connections are counted by the load balancer. */
function privateScaling(spec: AgentSpec): readonly SpecProblem[] {
  return Object.entries(spec.services).flatMap(([name, { port, routes, scale }]) =>
    (['requests', 'connections'] as const).flatMap((signal): readonly SpecProblem[] => {
      if (scale[signal] === undefined || port === undefined || routes.length > 0) return [];
      const path = ['services', name, 'scale', signal];
      const message = `AWS does not support this: ${signal} are counted at the load balancer, and ${name} has no routes`;
      return [{ code: 'not-supported', path, at: 'key', message, fix: 'scale on cpu or memory, or add routes' }];
    }),
  );
}

/** CloudWatch API, PutMetricData, Namespace. */
function metricNamespace({ observability: { metrics } }: AgentSpec): readonly SpecProblem[] {
  const { namespace } = metrics;
  if (namespace === undefined || /^(?!AWS\/|:)[\w./#:-]{1,255}$/.test(namespace)) return [];
  const path = ['observability', 'metrics', 'namespace'];
  const message = `CloudWatch takes no metrics under the namespace "${namespace}"`;
  const fix = 'use letters, digits and ._-/#: such as Agent/Quality, and do not begin with AWS/';
  return [{ code: 'bad-value', path, at: 'value', message, fix }];
}

/** With signed requests there is no user and no password. */
function searchLogin(spec: AgentSpec): readonly SpecProblem[] {
  if (!hasSignedSearch(spec)) return [];
  const environments = [{ path: [] as SpecPath, env: spec.env }, ...workloadsOf(spec)];
  return environments.flatMap(({ path, env }) =>
    Object.entries(env).flatMap(([name, text]) =>
      referencesIn(text)
        .filter((reference) => reference === 'search.username' || reference === 'search.password')
        .map((reference): SpecProblem => {
          const message = `there is no \${${reference}} on AWS with clouds.aws.search.access: signed`;
          const fix = 'leave the variable out, as ${search.url} needs no login then, or use access: password';
          return { code: 'unknown-reference', path: [...path, 'env', name], at: 'value', message, fix };
        }),
    ),
  );
}

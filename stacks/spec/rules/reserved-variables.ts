import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** Who sets a variable, by name: the runtime contracts of the targets. */
const owners: readonly (readonly [RegExp, string])[] = [
  [/^PORT$/, 'agentctl, to the port the replica must listen on'],
  [/^AGENTCTL_/, 'agentctl'],
  [/^AWS_/, 'AWS, for the identity of the task'],
  [/^ECS_/, 'Amazon ECS'],
  [/^(?:K_SERVICE|K_REVISION|K_CONFIGURATION)$/, 'Cloud Run'],
  [/^CLOUD_RUN_/, 'Cloud Run'],
  [/^KUBERNETES_/, 'Kubernetes'],
  [/^(?:WEBSITE|CONTAINER_APP|APPSETTING)_/, 'Azure'],
  [/^Fabric_/, 'Azure Container Instances'],
];

/** No variable has a name that the platform sets itself. */
export const reservedVariables: Rule = (spec, context) => {
  const environments = [{ path: [], env: spec.env }, ...workloadsOf(spec)];
  const inEnvironment = environments.flatMap(({ path, env }) =>
    Object.keys(env).flatMap((name) => problemsOf(name, { path: [...path, 'env', name], at: 'key' })),
  );
  const inSecrets = spec.secrets.flatMap((name, index) =>
    // Static AWS keys are a secret like any other where AWS does not hand out an identity.
    name.startsWith('AWS_') && !context.targets.includes('aws')
      ? []
      : problemsOf(name, { path: ['secrets', index], at: 'value' }),
  );
  return [...inEnvironment, ...inSecrets];
};

function problemsOf(name: string, place: Pick<SpecProblem, 'path' | 'at'>): readonly SpecProblem[] {
  const owner = owners.find(([pattern]) => pattern.test(name))?.[1];
  if (owner === undefined) return [];
  const message = `${name} is reserved: it is set by ${owner}`;
  return [{ ...place, code: 'reserved-name', message, fix: 'remove it, or use another name' }];
}

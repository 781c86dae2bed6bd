import { tierProblem } from '../cloud-sql-tier.js';
import { formatPath, type SpecProblem } from '../problem.js';
import type { AgentSpec } from '../schema/agent.js';
import { formatQuantity } from '../schema/quantity.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

/** What Google Cloud refuses at the end of an apply that its Terraform provider plans without a word. */
export const gcpLimits: Rule = (spec, context) => {
  if (spec.clouds.gcp === undefined || !context.targets.includes('gcp')) return [];
  return [
    ...databaseTier(spec),
    ...network(spec),
    ...slowStart(spec),
    ...longProbes(spec),
    ...foreignImages(spec),
    ...cacheMemory(spec),
    ...secretNames(spec),
  ];
};

function databaseTier({ clouds, postgres }: AgentSpec): readonly SpecProblem[] {
  const tier = clouds.gcp?.postgres.tier;
  const problem = tier === undefined || postgres?.kind !== 'managed' ? undefined : tierProblem(tier);
  if (tier === undefined || problem === undefined) return [];
  const path = ['clouds', 'gcp', 'postgres', 'tier'];
  const message = `Cloud SQL has no tier ${tier}: ${problem}`;
  const fix = 'use one such as db-custom-2-8192: vCPU, then MiB of memory';
  return [{ code: 'size-not-offered', path, at: 'value', message, fix }];
}

function network({ clouds }: AgentSpec): readonly SpecProblem[] {
  const [has, lacks] =
    clouds.gcp?.network === undefined ? (['subnetwork', 'network'] as const) : (['network', 'subnetwork'] as const);
  if (clouds.gcp?.[has] === undefined || clouds.gcp[lacks] !== undefined) return [];
  const message = `clouds.gcp has a ${has} but no ${lacks}, and nothing is looked up`;
  const fix = lacks === 'network' ? 'add the network it is in' : 'add the subnetwork that instances get addresses of';
  return [{ code: 'missing-key', path: ['clouds', 'gcp', has], at: 'key', message, fix }];
}

/** Cloud Run, "Configure container health checks": a startup probe has 240 s in all. */
const longestStartSeconds = 240;

function slowStart(spec: AgentSpec): readonly SpecProblem[] {
  return Object.entries(spec.services).flatMap(([name, { port, health }]): readonly SpecProblem[] => {
    if (port === undefined || health.startupTimeout.seconds <= longestStartSeconds) return [];
    const path = ['services', name, 'health', 'startupTimeout'];
    const message = `Google Cloud does not support this: ${formatPath(path)} is longer than the 240s that Cloud Run gives an instance to start`;
    return [{ code: 'not-supported', path, at: 'value', message, fix: 'set it to 240s or less' }];
  });
}

/** Cloud Run, "Configure container health checks": `timeoutSeconds` is at most `periodSeconds`. */
function longProbes(spec: AgentSpec): readonly SpecProblem[] {
  return Object.entries(spec.services).flatMap(
    ([
      name,
      {
        health: { liveness },
      },
    ]): readonly SpecProblem[] => {
      if (liveness === undefined || liveness.timeout.seconds <= liveness.interval.seconds) return [];
      const path = ['services', name, 'health', 'liveness', 'timeout'];
      const message = `Google Cloud does not support this: a check of ${name} may take longer than the time to the next one`;
      return [{ code: 'not-supported', path, at: 'value', message, fix: 'raise interval, or lower timeout' }];
    },
  );
}

/** Cloud Run, "Deploying container images": Artifact Registry (and its old name), or Docker Hub. */
const runnable = /^(?:[a-z0-9-]+-docker\.pkg\.dev\/|(?:[a-z]+\.)?gcr\.io\/|docker\.io\/|[^/.:]+(?:\/[^/.:]+)?@)/;

function foreignImages(spec: AgentSpec): readonly SpecProblem[] {
  const own = workloadsOf(spec).map(({ path, image }) => ({ path: [...path, 'image', 'ref'], image }));
  const usesShared = workloadsOf(spec).some(({ image }) => image === undefined);
  const all = usesShared ? [{ path: ['image', 'ref'], image: spec.image }, ...own] : own;
  return all.flatMap(({ path, image }): readonly SpecProblem[] => {
    if (image?.kind !== 'ref' || runnable.test(image.ref)) return [];
    const message = `Google Cloud does not support this: Cloud Run pulls from Artifact Registry and Docker Hub, and ${image.ref.split('/')[0] ?? ''} is neither`;
    const fix = 'copy the image to Artifact Registry, or put a remote repository there in front of its registry';
    return [{ code: 'not-supported', path, at: 'value', message, fix }];
  });
}

/** Memorystore for Redis, "Capabilities and limits". */
const mostCacheMebibytes = 300 * 1024;

function cacheMemory({ cache }: AgentSpec): readonly SpecProblem[] {
  if (cache?.kind !== 'managed' || cache.memory.mebibytes <= mostCacheMebibytes) return [];
  const message = `Memorystore has no instance with ${formatQuantity(cache.memory)}`;
  const allowed = [`up to ${formatQuantity({ mebibytes: mostCacheMebibytes })}`];
  return [
    { code: 'size-not-offered', path: ['cache', 'memory'], at: 'value', message, allowed, fix: 'lower cache.memory' },
  ];
}

/** Secret Manager API, secretId: 255 characters; ours begin with agent, stage and kind. */
const longestSecretName = 255 - 'agentctl--secrets-'.length - 24 - 16 - 1;

function secretNames({ secrets }: AgentSpec): readonly SpecProblem[] {
  return secrets.flatMap((name, index): readonly SpecProblem[] => {
    if (name.length <= longestSecretName) return [];
    const message = `the name of this secret is too long for Secret Manager: ${name.length} characters`;
    const fix = `use at most ${longestSecretName} characters`;
    return [{ code: 'bad-name', path: ['secrets', index], at: 'value', message, fix }];
  });
}

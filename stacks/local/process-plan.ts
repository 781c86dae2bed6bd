import { type AgentSpec, imageOf } from '../spec/index.js';
import { type LocalPlan, localPlan } from './local-plan.js';

/** What the process runtime of the local target runs: a spec without anything that only a container could use. */
export interface ProcessPlan extends LocalPlan {
  readonly runtime: 'process';
  /** Build contexts, relative to the config file, with what prepares a copy of each. */
  readonly contexts: Readonly<Record<string, { readonly build: readonly (readonly string[])[] }>>;
  /** Whether a Redis is needed, as cache or as queue. */
  readonly redis: boolean;
}

/** Pure: a spec as processes. The spec has passed the capability checks of the process runtime. */
export function processPlan(spec: AgentSpec, stage: string): ProcessPlan {
  const build = spec.clouds.local?.process.build ?? [];
  const plan = localPlan(spec, stage, (workload) => {
    const image = imageOf(spec, workload);
    return { source: image.kind === 'build' ? image.context : '.' };
  });
  const { services, schedules, migrations } = plan;
  const contexts = [...services, ...schedules, ...migrations].map(({ source }) => [source, { build }] as const);
  return {
    ...plan,
    runtime: 'process',
    contexts: Object.fromEntries(contexts),
    redis: [spec.cache, spec.queue].some((part) => part?.kind === 'managed' && part.engine === 'redis'),
  };
}

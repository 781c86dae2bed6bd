import type { AgentSpec } from '../spec/index.js';

/** Pure: the APIs that a stage needs, in alphabetical order. */
export function neededServices({ services, schedules, postgres, search, cache, queue }: AgentSpec): readonly string[] {
  const usesRedis = cache?.kind === 'managed' || (queue?.kind === 'managed' && queue.engine === 'redis');
  const hasDumps = postgres?.kind === 'managed' && postgres.backups.dumps !== undefined;
  const wanted: Readonly<Record<string, boolean>> = {
    artifactregistry: true,
    cloudresourcemanager: true,
    cloudscheduler: Object.keys(schedules).length > 0 || hasDumps,
    compute: true,
    dns: true,
    iam: true,
    logging: true,
    monitoring: true,
    pubsub: queue?.kind === 'managed' && queue.engine === 'managed',
    redis: usesRedis,
    run: Object.keys(services).length > 0,
    secretmanager: true,
    servicenetworking: true,
    sqladmin: postgres?.kind === 'managed',
    storage: hasDumps || search?.kind === 'managed',
  };
  return Object.entries(wanted).flatMap(([name, isNeeded]) => (isNeeded ? [name] : []));
}

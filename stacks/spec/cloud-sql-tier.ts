import type { AgentSpec } from './schema/agent.js';

/** What a Cloud SQL tier is sold as. */
export type CloudSqlEdition = 'ENTERPRISE' | 'ENTERPRISE_PLUS';

/** `edition` is never left to the API: without it PostgreSQL 16 and later are Enterprise Plus, which knows no `db-custom`. */
export function cloudSqlEdition(tier: string): CloudSqlEdition {
  return tier.startsWith('db-perf-optimized-') ? 'ENTERPRISE_PLUS' : 'ENTERPRISE';
}

/** Days of transaction logs. Cloud SQL, "Introduction to Cloud SQL editions". */
export const longestRecoveryDays: Readonly<Record<CloudSqlEdition, number>> = { ENTERPRISE: 7, ENTERPRISE_PLUS: 35 };

/** How many days back point-in-time recovery reaches on Google Cloud at most. */
export function recoveryDays({ clouds }: Pick<AgentSpec, 'clouds'>): number {
  return longestRecoveryDays[cloudSqlEdition(clouds.gcp?.postgres.tier ?? '')];
}

/**
 * What is wrong with a tier; undefined when nothing is. Cloud SQL for PostgreSQL, "Instance settings", machine types: 1 vCPU or an
 * even number to 96, 0.9 to 6.5 GiB for each, in steps of 256 MiB, 3840 MiB or more.
 */
export function tierProblem(tier: string): string | undefined {
  if (/^db-(?:f1-micro|g1-small|perf-optimized-N-(?:2|4|8|16|32|48|64|80|96|128))$/.test(tier)) return undefined;
  const [, cpuText, memoryText] = /^db-custom-(\d+)-(\d+)$/.exec(tier) ?? [];
  if (cpuText === undefined || memoryText === undefined) return 'it is no tier of Cloud SQL for PostgreSQL';
  const [cpu, mebibytes] = [Number(cpuText), Number(memoryText)];
  if (cpu < 1 || cpu > 96 || (cpu > 1 && cpu % 2 !== 0)) return 'it has neither 1 vCPU nor an even number of up to 96';
  if (mebibytes % 256 !== 0) return 'its memory is no multiple of 256 MiB';
  const [lowest, highest] = [Math.max(3840, Math.ceil(cpu * 0.9 * 1024)), cpu * 6.5 * 1024];
  return mebibytes < lowest || mebibytes > highest
    ? `with ${cpu} vCPU it has ${lowest} to ${highest} MiB of memory`
    : undefined;
}

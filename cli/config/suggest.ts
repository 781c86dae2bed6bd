import { distance } from 'fastest-levenshtein';

/** What people call our keys elsewhere (Compose, Kubernetes, ECS, Copilot, Render). */
const aliases: Readonly<Record<string, readonly string[]>> = {
  postgres: ['database', 'db', 'postgresql', 'pg', 'sql'],
  search: ['opensearch', 'elasticsearch', 'elastic'],
  cache: ['redis', 'valkey'],
  queue: ['broker', 'rabbitmq', 'sqs'],
  env: ['environment', 'environmentvariables', 'vars', 'variables'],
  services: ['containers', 'apps', 'deployments'],
  schedules: ['cronjobs', 'jobs', 'crons', 'timers'],
  migrations: ['migrate', 'dbmigrations'],
  health: ['healthcheck', 'healthpath', 'healthchecks', 'probes'],
  readiness: ['path', 'ready', 'readinesspath', 'readinessprobe', 'healthpath'],
  liveness: ['live', 'livenesspath', 'livenessprobe'],
  startupTimeout: ['graceperiod', 'startperiod'],
  scale: ['replicas', 'autoscaling', 'scaling', 'instances', 'count'],
  min: ['minreplicas', 'mininstances'],
  max: ['maxreplicas', 'maxinstances'],
  size: ['resources', 'limits'],
  memory: ['ram', 'mem'],
  command: ['cmd', 'entrypoint', 'args'],
  drain: ['stoptimeout', 'graceperiod', 'terminationgraceperiod'],
  storage: ['disk', 'volume', 'storagegb', 'disksize'],
  highAvailability: ['ha', 'multiaz', 'replicated'],
  pooler: ['pgbouncer', 'proxy'],
  domain: ['host', 'hostname', 'url'],
  clouds: ['cloud', 'targets', 'providers'],
  stages: ['environments', 'overlays'],
  gcp: ['google', 'googlecloud'],
  kubernetes: ['k8s', 'eks', 'gke', 'aks'],
  location: ['region'],
  region: ['location'],
};

const farthest = 3;
const leastSimilar = 0.4;

/** What was probably meant: the same word written another way, a word others use for it, or a near miss. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const plain = normal(word);
  const same = candidates.find((candidate) => normal(candidate) === plain);
  if (same !== undefined) return same;
  const named = candidates.find((candidate) => aliases[candidate]?.includes(plain));
  return named ?? nearest(word, candidates);
}

function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const scored = candidates
    .flatMap((candidate) => [candidate, ...(aliases[candidate] ?? [])].map((name) => ({ candidate, name })))
    .map(({ candidate, name }) => ({ candidate, name, edits: distance(lower, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= farthest && 1 - edits / Math.max(name.length, word.length) > leastSimilar);
  return scored.toSorted((left, right) => left.edits - right.edits)[0]?.candidate;
}

/** `health_path`, `healthPath`, `HealthPaths` → `healthpath`; a reference loses its braces. */
function normal(word: string): string {
  return word
    .replaceAll(/[^A-Za-z0-9.]/g, '')
    .toLowerCase()
    .replace(/(?<=\w{3})s$/, '');
}

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
  'health.readiness': ['healthpath', 'healthcheckpath', 'healthcheck', 'readinesspath', 'readinessprobe'],
  'health.liveness': ['livenesspath', 'livenessprobe'],
  health: ['healthchecks', 'probes'],
  readiness: ['path', 'ready', 'readinesspath', 'readinessprobe', 'healthpath'],
  liveness: ['live', 'livenesspath', 'livenessprobe'],
  startupTimeout: ['graceperiod', 'startperiod'],
  'scale.min': ['replicas', 'instances', 'count', 'desiredcount', 'minreplicas', 'mininstances'],
  'scale.max': ['maxreplicas', 'maxinstances'],
  scale: ['autoscaling', 'scaling'],
  min: ['minreplicas', 'mininstances'],
  max: ['maxreplicas', 'maxinstances'],
  size: ['resources', 'limits'],
  memory: ['ram', 'mem'],
  command: ['cmd', 'entrypoint', 'args'],
  drain: ['stoptimeout', 'graceperiod', 'terminationgraceperiod'],
  storage: ['disk', 'volume', 'storagegb', 'disksize'],
  highAvailability: ['ha', 'multiaz', 'replicated'],
  pooler: ['pgbouncer', 'proxy'],
  domain: ['hostname'],
  host: ['hostname', 'endpoint', 'address'],
  clouds: ['cloud', 'targets', 'providers'],
  stages: ['environments', 'overlays'],
  gcp: ['google', 'googlecloud'],
  kubernetes: ['k8s', 'eks', 'gke', 'aks'],
  location: ['region'],
  region: ['location'],
  url: ['uri', 'dsn', 'connectionstring'],
  user: ['username'],
  username: ['user'],
  database: ['dbname', 'name', 'db'],
};

const leastSimilar = 0.4;

/**
 * What was probably meant: the same word written another way, a word others use for it, or a near miss. The answer may
 * be a key within an allowed one: `health.readiness` for `health_path`.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  return sameWord(word, candidates, compact) ?? sameWord(word, candidates, singular) ?? nearest(word, candidates);
}

function sameWord(word: string, candidates: readonly string[], form: (text: string) => string): string | undefined {
  const wanted = form(word);
  const same = candidates.find((candidate) => form(candidate) === wanted);
  if (same !== undefined) return same;
  const named = Object.entries(aliases).find(
    ([name, others]) =>
      others.some((other) => form(other) === wanted) && candidates.includes(name.split('.', 1)[0] ?? ''),
  );
  return named?.[0];
}

/** {@link suggest} for references: first the section, then the field within it. */
export function suggestReference(word: string, candidates: readonly string[]): string | undefined {
  const [head = '', ...tail] = withoutBraces(word).split('.');
  const split = candidates.map((candidate) => withoutBraces(candidate).split('.'));
  const section = suggest(head, [...new Set(split.map(([first = '']) => first))]);
  const fields = split.filter(([first]) => first === section).map(([, ...rest]) => rest.join('.'));
  const field = section === undefined || tail.length === 0 ? undefined : suggest(tail.join('.'), fields);
  return field === undefined ? undefined : `\${${section}.${field}}`;
}

function withoutBraces(reference: string): string {
  return reference.replaceAll(/[${}]/g, '');
}

/** Candidates by how near they are to a word, nearest first. */
export function byNearness(word: string, candidates: readonly string[]): readonly string[] {
  return candidates.toSorted((left, right) => distance(word, left) - distance(word, right));
}

/** Most edits: 3 as in Commander, or 3 in 10 characters of a longer word. */
function farthest(name: string): number {
  return Math.max(3, Math.floor(name.length * 0.3));
}

function nearest(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates
    .flatMap((candidate) => [candidate, ...(aliases[candidate] ?? [])].map((name) => ({ candidate, name })))
    .map(({ candidate, name }) => ({ candidate, name, edits: editsBetween(word.toLowerCase(), name.toLowerCase()) }))
    .filter(
      ({ name, edits }) => edits <= farthest(name) && 1 - edits / Math.max(name.length, word.length) > leastSimilar,
    );
  return scored.toSorted((left, right) => left.edits - right.edits)[0]?.candidate;
}

/** Levenshtein's distance, with letters in the wrong order as one edit: `gpc` for `gcp`. */
function editsBetween(left: string, right: string): number {
  const edits = distance(left, right);
  return edits === 2 && sortedLetters(left) === sortedLetters(right) ? 1 : edits;
}

function sortedLetters(word: string): string {
  return word.split('').toSorted().join('');
}

/** `health_path`, `healthPath`, `Health-Path` → `healthpath`. */
function compact(word: string): string {
  return word.replaceAll(/[^A-Za-z0-9.]/g, '').toLowerCase();
}

/** `healthPaths` → `healthpath`. */
function singular(word: string): string {
  return compact(word).replace(/(?<=\w{3})s$/, '');
}

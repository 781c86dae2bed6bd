import type { ProposedParts, ProposedVariable } from './proposal.js';
import type { SortedVariables } from './sort-variables.js';

export interface MissingOptions {
  readonly parts: ProposedParts;
  readonly packages: ReadonlySet<string>;
  readonly texts: readonly string[];
  readonly sorted: SortedVariables;
}

export interface MissingVariables {
  readonly variables: readonly ProposedVariable[];
  readonly secrets: readonly string[];
  readonly sections: ReadonlySet<string>;
}

type Section = 'postgres' | 'search' | 'cache' | 'queue';

/** Names that code usually reads an address from. */
const usualNames: Readonly<Record<Section, readonly string[]>> = {
  postgres: [
    'DATABASE_URL',
    'POSTGRES_URL',
    'POSTGRES_URI',
    'DB_URL',
    'DB_URI',
    'LANGGRAPH_CHECKPOINT_DB_URL',
    'CHECKPOINT_DB_URL',
  ],
  search: ['OPENSEARCH_URL', 'ELASTICSEARCH_URL', 'OPENSEARCH_HOST'],
  cache: ['REDIS_URL', 'REDIS_URI', 'CACHE_URL'],
  queue: ['CELERY_BROKER_URL', 'BROKER_URL', 'QUEUE_URL', 'AMQP_URL', 'RABBITMQ_URL'],
};

/** Keys that a client library reads by itself. */
const modelKeys: readonly (readonly [RegExp, string])[] = [
  [/^(?:openai|langchain-openai|@langchain\/openai|@ai-sdk\/openai)$/, 'OPENAI_API_KEY'],
  [
    /^(?:anthropic|langchain-anthropic|@anthropic-ai\/sdk|@langchain\/anthropic|@ai-sdk\/anthropic)$/,
    'ANTHROPIC_API_KEY',
  ],
];

/** Pure: what no example file names although the code needs it: an address per data service, and keys of model providers. */
export function missingVariables({ parts, packages, texts, sorted }: MissingOptions): MissingVariables {
  const sections: Section[] = [
    ...(parts.postgres === undefined ? [] : (['postgres'] as const)),
    ...(parts.search ? (['search'] as const) : []),
    ...(parts.cache ? (['cache'] as const) : []),
    ...(parts.queue === undefined ? [] : (['queue'] as const)),
  ];
  const known = new Set([
    ...sorted.variables.map(({ name }) => name),
    ...sorted.omitted.map(({ name }) => name),
    ...sorted.secrets,
  ]);
  const variables = sections
    .filter((section) => !sorted.sections.has(section))
    .flatMap((section) => variablesFor(section, parts, packages, texts))
    .filter(({ name }) => !known.has(name));
  const secrets = modelKeys
    .filter(([pattern, name]) => [...packages].some((used) => pattern.test(used)) && !known.has(name))
    .map(([, name]) => name);
  return { variables, secrets, sections: new Set([...sections, ...sorted.sections]) };
}

function variablesFor(
  section: Section,
  parts: ProposedParts,
  packages: ReadonlySet<string>,
  texts: readonly string[],
): readonly ProposedVariable[] {
  const value = `\${${section}.url}`;
  const read = usualNames[section].filter((name) =>
    texts.some((text) => new RegExp(String.raw`\b${name}\b`).test(text)),
  );
  if (read.length > 0) return read.map((name) => ({ name, value }));
  const name = section === 'queue' ? queueName(parts, packages) : usualNames[section][0];
  return name === undefined ? [] : [{ name, value, note: 'check: the name your code reads' }];
}

/** Most queues in Redis are reached like the cache; Celery has a name of its own. */
function queueName({ queue, cache }: ProposedParts, packages: ReadonlySet<string>): string | undefined {
  if ([...packages].some((name) => /^celery(?:\[|$)/.test(name))) return 'CELERY_BROKER_URL';
  if (queue === 'rabbitmq') return 'AMQP_URL';
  return cache ? undefined : 'REDIS_URL';
}

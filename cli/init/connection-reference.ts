import type { ExampleVariable } from './example-environment.js';

/** A variable that says how to reach a data service, by the reference that fills it in. */
export interface ConnectionVariable {
  readonly section: 'postgres' | 'search' | 'cache' | 'queue';
  /** The value to write: a reference, or a URL put together from several. */
  readonly value: string;
  /** What the example value says about the broker. */
  readonly isRabbitmq?: true;
}

const sqlPrefix = '(?:POSTGRES(?:QL)?|PG|DB|DATABASE|SQL)';
const searchPrefix = '(?:OPENSEARCH|ELASTIC(?:SEARCH)?|ES)';

const byName: readonly (readonly [RegExp, ConnectionVariable['section'], string])[] = [
  [/BROKER_(?:URL|URI)$|^(?:QUEUE|CELERY|AMQP|RABBITMQ)_(?:URL|URI)$/, 'queue', 'queue.url'],
  [/RESULT_BACKEND$|^(?:REDIS|VALKEY|CACHE)_(?:URL|URI|DSN)$/, 'cache', 'cache.url'],
  [/^(?:REDIS|VALKEY|CACHE)_?HOST(?:NAME)?$/, 'cache', 'cache.host'],
  [/^(?:REDIS|VALKEY|CACHE)_?PORT$/, 'cache', 'cache.port'],
  [/^(?:REDIS|VALKEY|CACHE)_?(?:PASSWORD|PASS|AUTH)$/, 'cache', 'cache.password'],
  [new RegExp(`^${searchPrefix}_(?:URL|URI|HOSTS?|NODE|ENDPOINT)$`), 'search', 'search.url'],
  [new RegExp(`^${searchPrefix}_(?:USER|USERNAME)$`), 'search', 'search.username'],
  [new RegExp(`^${searchPrefix}_(?:PASSWORD|PASS)$`), 'search', 'search.password'],
  [new RegExp(`(?:^|_)${sqlPrefix}_(?:URL|URI|DSN)$`), 'postgres', 'postgres.url'],
  [new RegExp(`^${sqlPrefix}_?(?:HOST|HOSTNAME|SERVER)$`), 'postgres', 'postgres.host'],
  [new RegExp(`^${sqlPrefix}_?PORT$`), 'postgres', 'postgres.port'],
  [new RegExp(`^${sqlPrefix}_?(?:USER|USERNAME)$`), 'postgres', 'postgres.user'],
  [new RegExp(`^${sqlPrefix}_?(?:PASSWORD|PASS)$`), 'postgres', 'postgres.password'],
  [new RegExp(`^${sqlPrefix}_?(?:DB|NAME|DATABASE|BASE_NAME)$`), 'postgres', 'postgres.database'],
];

/** Pure: the reference a variable of an example file stands for, by its value first, then by its name. */
export function connectionReference({ name, value }: ExampleVariable): ConnectionVariable | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (/^postgres(?:ql)?(?:\+|$)/.test(scheme)) return { section: 'postgres', value: postgresUrl(scheme) };
    if (/^amqps?$/.test(scheme)) return { section: 'queue', value: '${queue.url}', isRabbitmq: true };
    if (/^(?:rediss?|valkeys?)$/.test(scheme)) {
      return /BROKER|QUEUE/.test(name)
        ? { section: 'queue', value: '${queue.url}' }
        : { section: 'cache', value: '${cache.url}' };
    }
    if (/:9200\b/.test(value)) return { section: 'search', value: '${search.url}' };
    // A database of another kind, whatever the variable is called.
    if (!/^https?$/.test(scheme)) return undefined;
  }
  const named = byName.find(([pattern]) => pattern.test(name));
  if (named === undefined) return undefined;
  return { section: named[1], value: `\${${named[2]}}` };
}

/** Libraries such as SQLAlchemy read the driver from the scheme. */
function postgresUrl(scheme: string): string {
  if (!scheme.includes('+')) return '${postgres.url}';
  const authority = '${postgres.user}:${postgres.password}@${postgres.host}:${postgres.port}';
  return `${scheme}://${authority}/\${postgres.database}`;
}

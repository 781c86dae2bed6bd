import type { ProposedParts } from './proposal.js';
import type { SortedVariables } from './sort-variables.js';

/** What the code was found to use. */
export interface CodeFacts {
  /** Packages of all languages, by name. */
  readonly packages: ReadonlySet<string>;
  readonly variables: Pick<SortedVariables, 'sections' | 'isRabbitmq'>;
  readonly hasMigrations: boolean;
  /** All source texts, for what packages do not tell. */
  readonly texts: readonly string[];
}

const postgresDrivers =
  /^(?:psycopg2?(?:-binary|-c|\[.*\])?|asyncpg|pg|pg-promise|postgres|pgvector|slonik|langgraph-checkpoint-postgres|langchain-postgres|@langchain\/langgraph-checkpoint-postgres|@prisma\/client|@neondatabase\/serverless)$/;
const otherDatabases =
  /^(?:pymysql|mysqlclient|aiomysql|asyncmy|mysql2?|aiosqlite|better-sqlite3|sqlite3|pyodbc|oracledb)$/;
const searchClients =
  /^(?:opensearch-py|opensearch-dsl|elasticsearch(?:-dsl|\[.*\])?|@opensearch-project\/opensearch|@elastic\/elasticsearch)$/;
const redisClients = /^(?:redis|aioredis|valkey|ioredis|iovalkey|@redis\/client|langgraph-checkpoint-redis)$/;
const redisQueues = /^(?:celery\[redis\]|rq|arq|dramatiq\[redis\]|taskiq-redis|bullmq|bull|bee-queue)$/;
const rabbitmqClients = /^(?:celery\[librabbitmq\]|librabbitmq|pika|aio-pika|amqplib|rhea|dramatiq\[rabbitmq\])$/;

/** Pure: the data services an application needs, by its packages and by the variables it reads. */
export function dataParts({ packages, variables, hasMigrations, texts }: CodeFacts): ProposedParts {
  const uses = (pattern: RegExp): boolean => [...packages].some((name) => pattern.test(name));
  const { sections, isRabbitmq } = variables;
  const isSql = sections.has('postgres') || uses(postgresDrivers) || (hasMigrations && !uses(otherDatabases));
  const extensions =
    packages.has('pgvector') ||
    texts.some((text) => /create\s+extension\s+(?:if\s+not\s+exists\s+)?"?vector\b/i.test(text))
      ? ['vector']
      : [];
  const hasQueue = sections.has('queue') || packages.has('celery') || uses(redisQueues) || uses(rabbitmqClients);
  const queue = isRabbitmq || (uses(rabbitmqClients) && !uses(redisQueues)) ? 'rabbitmq' : 'redis';
  return {
    ...(isSql ? { postgres: { extensions } } : {}),
    search: sections.has('search') || uses(searchClients),
    cache: sections.has('cache') || uses(redisClients),
    ...(hasQueue ? { queue } : {}),
  };
}

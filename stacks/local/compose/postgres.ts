import { type AgentSpec, type ManagedPostgresSpec, reservedConnections, serverConnections } from '../../spec/index.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { requiredVariable } from './interpolation.js';
import { dataNetwork } from './networks.js';
import { passwordVariable } from './password-variable.js';
import { databaseUser } from './reference-value.js';

/** `max_connections` of PostgreSQL when nothing is set (PostgreSQL documentation, "Connections and Authentication"). */
const defaultConnections = 100;

/** One PostgreSQL of the version the spec asks for. */
export function postgresService(
  postgres: ManagedPostgresSpec,
  { spec, environmentFile }: ComposeContext,
): ComposeService {
  const { version, database, extensions } = postgres;
  const connections = connectionsNeeded(spec, postgres);
  return {
    image: extensions.includes('vector') ? `pgvector/pgvector:pg${version}` : `postgres:${version}`,
    ...(connections === defaultConnections ? {} : { command: ['postgres', '-c', `max_connections=${connections}`] }),
    environment: {
      POSTGRES_USER: databaseUser,
      POSTGRES_PASSWORD: requiredVariable(passwordVariable('postgres', spec), environmentFile),
      POSTGRES_DB: database,
    },
    volumes: ['postgres:/var/lib/postgresql/data'],
    healthcheck: {
      // Over TCP: while the image sets up the database it listens on its unix socket only.
      test: ['CMD', 'pg_isready', '--quiet', '--host=127.0.0.1', `--username=${databaseUser}`, `--dbname=${database}`],
      interval: '2s',
      timeout: '5s',
      retries: 15,
      start_period: '60s',
    },
    networks: [dataNetwork],
    restart: 'unless-stopped',
    // PostgreSQL ends open transactions and writes a checkpoint; Docker would kill it after 10 s.
    stop_grace_period: '60s',
    // Parallel queries share memory through /dev/shm, of which Docker gives 64 MiB.
    shm_size: '256m',
  };
}

/** What a server of this size accepts everywhere; more if the replicas open more, since there is no pooler here. */
function connectionsNeeded({ services }: AgentSpec, { maxConnections, size }: ManagedPostgresSpec): number {
  const opened = Object.values(services).reduce(
    (sum, { pool, scale }) => sum + (pool === undefined ? 0 : Math.max(1, scale.min) * (pool.size + pool.overflow)),
    0,
  );
  return Math.max(maxConnections ?? serverConnections[size], opened + reservedConnections);
}

import { type AgentSpec, type ManagedPostgresSpec, reservedConnections, serverConnections } from '../../spec/index.js';
import { containerImages } from '../container-images.js';
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
  const { database } = postgres;
  const connections = connectionsNeeded(spec, postgres);
  return {
    image: containerImages(spec).postgres,
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

/** What a server of this size accepts everywhere; more if the replicas open more, unless a pooler shares connections. */
function connectionsNeeded({ services }: AgentSpec, { maxConnections, size, pooler }: ManagedPostgresSpec): number {
  const accepted = maxConnections ?? serverConnections[size];
  if (pooler) return accepted;
  const opened = Object.values(services).reduce(
    (sum, { pool, scale }) => sum + (pool === undefined ? 0 : Math.max(1, scale.min) * (pool.size + pool.overflow)),
    0,
  );
  return Math.max(accepted, opened + reservedConnections);
}

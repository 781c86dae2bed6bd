import type { DesiredState } from '../desired-state.js';
import type { GeneratedSecret } from '../secret-store.js';

/** Where something listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface DatabaseEndpoint extends Endpoint {
  readonly user: string;
  readonly database: string;
  /** The pooler before it. @default - none */
  readonly pooled?: Endpoint;
}

export interface QueueEndpoint extends Endpoint {
  readonly kind: 'redis' | 'rabbitmq';
  readonly password: GeneratedSecret;
}

/** Where everything is that a workload may refer to, as it reaches it. */
export interface Endpoints {
  readonly postgres?: DatabaseEndpoint;
  readonly cache?: Endpoint;
  readonly queue?: QueueEndpoint;
  readonly search?: Endpoint;
  /** Internal listener of each service, by name. */
  readonly services: { readonly host: string; readonly ports: Readonly<Record<string, number>> };
}

const loopback = '127.0.0.1';
/** Ports that the images listen on. */
const postgresPort = 5432;
const brokerPort = 5672;

/** As a process of this machine reaches it. */
export function endpointsForProcess({ postgres, redis, gateway }: DesiredState): Endpoints {
  const server = redis === null ? undefined : { host: loopback, port: redis.port };
  return {
    ...(postgres === null ? {} : { postgres: { host: loopback, port: postgres.port, ...accountOf(postgres) } }),
    ...(server === undefined
      ? {}
      : { cache: server, queue: { ...server, kind: 'redis' as const, password: 'redis.password' as const } }),
    services: { host: loopback, ports: gateway.services },
  };
}

/** As a container in the network of the stage reaches it. `host`: how it reaches this machine. */
export function endpointsForContainer({ postgres, servers, gateway }: DesiredState, host: string): Endpoints {
  const serverAt = (name: string): Endpoint | undefined => {
    const server = servers.find((candidate) => candidate.name === name);
    return server === undefined ? undefined : { host: name, port: server.port };
  };
  const pooled = serverAt('pooler');
  const cache = serverAt('cache');
  const search = serverAt('search');
  const queue = queueOf(cache, serverAt('queue'));
  return {
    ...(postgres === null
      ? {}
      : {
          postgres: {
            host: 'postgres',
            port: postgresPort,
            ...accountOf(postgres),
            ...(pooled === undefined ? {} : { pooled }),
          },
        }),
    ...(cache === undefined ? {} : { cache }),
    ...(queue === undefined ? {} : { queue }),
    ...(search === undefined ? {} : { search }),
    services: { host, ports: gateway.services },
  };
}

function accountOf({ request: { user, database } }: NonNullable<DesiredState['postgres']>): {
  readonly user: string;
  readonly database: string;
} {
  return { user, database };
}

/** A queue on Redis shares the cache where there is one. */
function queueOf(cache: Endpoint | undefined, queue: Endpoint | undefined): QueueEndpoint | undefined {
  if (queue?.port === brokerPort) return { ...queue, kind: 'rabbitmq', password: 'queue.password' };
  if (queue !== undefined) return { ...queue, kind: 'redis', password: 'queue.password' };
  return cache === undefined ? undefined : { ...cache, kind: 'redis', password: 'redis.password' };
}

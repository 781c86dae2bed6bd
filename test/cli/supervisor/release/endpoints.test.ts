import { expect, test } from 'vitest';
import type { DesiredState } from '../../../../cli/supervisor/desired-state.js';
import { endpointsForContainer } from '../../../../cli/supervisor/release/endpoints.js';
import type { ServerName, ServerRequest } from '../../../../cli/supervisor/protocol.js';

const empty: DesiredState = {
  version: 1,
  postgres: null,
  redis: null,
  servers: [],
  usesContainers: true,
  gateway: { port: null, services: { api: 20_002 } },
  releases: [],
  serving: null,
  tasks: [],
  backupRuns: [],
  restores: [],
  processes: [],
};

function server(name: ServerName, port: number): ServerRequest {
  const container = {
    image: 'i',
    command: [],
    env: {},
    readyCommand: ['true'],
    readyWithinSeconds: 1,
    stopGraceSeconds: 1,
  };
  return { name, port, container };
}

test('a container finds servers by their names, and services through this machine', () => {
  const postgres = { request: { database: 'app', user: 'agent', extensions: [] }, port: 20_003, home: null };
  const servers = [server('pooler', 5432), server('cache', 6379), server('search', 9200)];

  expect(endpointsForContainer({ ...empty, postgres, servers }, '172.18.0.1')).toEqual({
    postgres: { host: 'postgres', port: 5432, user: 'agent', database: 'app', pooled: { host: 'pooler', port: 5432 } },
    cache: { host: 'cache', port: 6379 },
    queue: { host: 'cache', port: 6379, kind: 'redis', password: 'redis.password' },
    search: { host: 'search', port: 9200 },
    services: { host: '172.18.0.1', ports: { api: 20_002 } },
  });
});

test.each([
  [5672, 'rabbitmq'],
  [6379, 'redis'],
] as const)('a queue with a server of its own on port %i is %s', (port, kind) => {
  const { queue } = endpointsForContainer({ ...empty, servers: [server('queue', port), server('cache', 6379)] }, 'h');

  expect(queue).toEqual({ host: 'queue', port, kind, password: 'queue.password' });
});

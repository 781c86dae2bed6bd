import { expect, test } from 'vitest';
import type { ReferenceContext } from '../../../../cli/supervisor/release/reference-lookup.js';
import { resolveLaunch, servicesReferredTo } from '../../../../cli/supervisor/release/resolve-launch.js';

const context: ReferenceContext = {
  stage: 'dev',
  release: 'r1',
  port: 20_001,
  secrets: {
    version: 1,
    generated: { 'postgres.password': 'p/w@1', 'redis.password': 'redis-pw' },
    secrets: { API_KEY: 'the-key' },
    versions: {},
    staged: {},
    replaced: {},
  },
  endpoints: {
    postgres: { host: '127.0.0.1', port: 5433, user: 'ag ent', database: 'agent_state' },
    cache: { host: '127.0.0.1', port: 6380 },
    queue: { host: '127.0.0.1', port: 6380, kind: 'redis', password: 'redis.password' },
    services: { host: '127.0.0.1', ports: { api: 20_002 } },
  },
};

test.each([
  ['postgres.host', '127.0.0.1'],
  ['postgres.port', '5433'],
  ['postgres.user', 'ag ent'],
  ['postgres.password', 'p/w@1'],
  ['postgres.database', 'agent_state'],
  ['postgres.url', 'postgresql://ag%20ent:p%2Fw%401@127.0.0.1:5433/agent_state'],
  ['postgres.directUrl', 'postgresql://ag%20ent:p%2Fw%401@127.0.0.1:5433/agent_state'],
  ['cache.host', '127.0.0.1'],
  ['cache.port', '6380'],
  ['cache.password', 'redis-pw'],
  ['cache.url', 'redis://:redis-pw@127.0.0.1:6380/0'],
  ['queue.url', 'redis://:redis-pw@127.0.0.1:6380/1'],
  ['secrets.API_KEY', 'the-key'],
  ['services.api.url', 'http://127.0.0.1:20002'],
  ['stage', 'dev'],
  ['release.id', 'r1'],
])('${%s} is %s', (reference, value) => {
  expect(resolveLaunch({ command: ['x'], env: { X: `\${${reference}}` } }, context).env).toEqual({ X: value });
});

test('values made with a secret are told apart', () => {
  const env = { A: 'plain ${stage}', B: 'x:${postgres.password}', C: '${cache.url}' };

  expect(resolveLaunch({ command: ['x'], env }, context).secretValues).toEqual([
    'x:p/w@1',
    'redis://:redis-pw@127.0.0.1:6380/0',
  ]);
});

test('a command may hold the port, but no secret', () => {
  expect(resolveLaunch({ command: ['serve', ':${port}'], env: {} }, context).command).toEqual(['serve', ':20001']);
  expect(() => resolveLaunch({ command: ['serve', '${secrets.API_KEY}'], env: {} }, context)).toThrow(
    expect.objectContaining({ code: 'SpecInvalid' }),
  );
});

test('a secret without value is named', () => {
  expect(() => resolveLaunch({ command: ['x'], env: { X: '${secrets.OTHER}' } }, context)).toThrow(
    expect.objectContaining({ code: 'SecretMissing', message: 'secret OTHER has no value' }),
  );
});

test.each([
  'postgres.url',
  'cache.url',
  'queue.url',
  'services.other.url',
  'release.id',
  'toString',
  'postgres.toString',
])('a reference to what is not there is an error: %s', (reference) => {
  const poor = { ...context, release: undefined, endpoints: { services: context.endpoints.services } };

  expect(() => resolveLaunch({ command: ['x'], env: { X: `\${${reference}}` } }, poor)).toThrow(
    expect.objectContaining({ code: 'SpecInvalid', message: expect.stringContaining(`\${${reference}} in env X`) }),
  );
});

test('the services that are referred to are found', () => {
  const env = { A: '${services.back-end.url}/x', B: '${services.api.url}', C: '$${services.no.url}' };

  expect(servicesReferredTo({ command: ['${services.api.url}'], env })).toEqual(['api', 'back-end']);
});

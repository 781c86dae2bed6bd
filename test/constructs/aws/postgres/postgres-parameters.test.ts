import { expect, test } from 'vitest';
import { instanceMemoryMiB } from '../../../../constructs/aws/limits/instance-memory.js';
import { defaultConnections } from '../../../../constructs/aws/limits/postgres-connections.js';
import { postgresParameters } from '../../../../constructs/aws/postgres/postgres-parameters.js';

test.each([
  ['db.t4g.micro', 1],
  ['db.t4g.medium', 4],
  ['db.t3.2xlarge', 32],
  ['db.m7g.large', 8],
  ['db.m8gd.xlarge', 16],
  ['db.m6i.24xlarge', 384],
  ['db.r7g.large', 16],
  ['db.r6gd.16xlarge', 512],
  ['db.x2g.large', 32],
])('%s has %i GiB of memory', (instanceClass, gibibytes) => {
  expect(instanceMemoryMiB(instanceClass)).toBe(gibibytes * 1024);
});

test.each(['db.serverless', 'db.z9.large', 'm7g.large', 'db.t4g.24xlarge', 'db.m7g.medium'])(
  'of %s it is not known',
  (instanceClass) => {
    expect(instanceMemoryMiB(instanceClass)).toBeUndefined();
  },
);

const options = { memoryMiB: 8192, maxConnections: undefined, extensions: [], database: 'app' };

test('memory of 8 GiB: a quarter for buffers, three quarters are thought of as cache, of what RDS leaves', () => {
  expect(postgresParameters(options)).toMatchObject({
    max_connections: '811',
    shared_buffers: '235929',
    effective_cache_size: '707788',
    maintenance_work_mem: '471859',
    work_mem: '4096',
  });
});

test.each([512, 1024, 4096, 16_384, 262_144, 1_048_576])(
  'with %i MiB, buffers, and work of every second connection at once, fit into memory',
  (memoryMiB) => {
    const parameters = postgresParameters({ ...options, memoryMiB });
    const buffersMiB = Number(parameters['shared_buffers']) / 128;
    const workMiB = (Number(parameters['work_mem']) / 1024) * (Number(parameters['max_connections']) / 2);
    expect(buffersMiB + workMiB).toBeLessThan(memoryMiB);
  },
);

test('fewer connections leave more memory to each', () => {
  expect(postgresParameters({ ...options, maxConnections: 100 })).toMatchObject({
    max_connections: '100',
    work_mem: '18874',
  });
});

test('RDS allows no more than 5000 connections by itself', () => {
  expect(defaultConnections(1024)).toBe(101);
  expect(defaultConnections(1_048_576)).toBe(5000);
});

test('on a machine of unknown memory, RDS computes what depends on it', () => {
  const parameters = postgresParameters({ ...options, memoryMiB: undefined });
  expect(parameters).not.toHaveProperty('max_connections');
  expect(parameters).not.toHaveProperty('shared_buffers');
  expect(postgresParameters({ ...options, memoryMiB: undefined, maxConnections: 50 })).toMatchObject({
    max_connections: '50',
  });
});

test('extensions that are libraries are loaded at the start, others are not', () => {
  expect(postgresParameters({ ...options, extensions: ['vector', 'pgaudit', 'pg_cron'] })).toMatchObject({
    shared_preload_libraries: 'pg_stat_statements,pgaudit,pg_cron',
    'cron.database_name': 'app',
  });
});

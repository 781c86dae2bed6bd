import { expect, test } from 'vitest';
import { cloudRunSize, cloudSqlEdition, tierProblem } from '../../../stacks/spec/index.js';

test.each([
  ['db-custom-2-8192', undefined],
  ['db-custom-1-3840', undefined],
  ['db-f1-micro', undefined],
  ['db-perf-optimized-N-4', undefined],
  ['db-perf-optimized-N-3', 'it is no tier of Cloud SQL for PostgreSQL'],
  ['db-custom-3-8192', 'it has neither 1 vCPU nor an even number of up to 96'],
  ['db-custom-2-8000', 'its memory is no multiple of 256 MiB'],
  ['db-custom-2-2048', 'with 2 vCPU it has 3840 to 13312 MiB of memory'],
  ['db-custom-2-16384', 'with 2 vCPU it has 3840 to 13312 MiB of memory'],
])('%s: %s', (tier, problem) => {
  expect(tierProblem(tier)).toBe(problem);
});

test('a tier says its edition', () => {
  expect(['db-custom-2-8192', 'db-perf-optimized-N-2'].map(cloudSqlEdition)).toEqual(['ENTERPRISE', 'ENTERPRISE_PLUS']);
});

test.each([
  [0.5, 512, { cpu: 1, memory: { mebibytes: 512 } }],
  [1, 8192, { cpu: 2, memory: { mebibytes: 8192 } }],
  [3, 1024, { cpu: 4, memory: { mebibytes: 2048 } }],
  [16, 1024, undefined],
])('%d vCPU and %d MiB on Cloud Run', (cpu, mebibytes, size) => {
  expect(cloudRunSize({ cpu, memory: { mebibytes } })).toEqual(size);
});

import { describe, expect, test } from 'vitest';
import {
  capabilityMatrixMarkdown,
  capabilityNotes,
  columnOf,
  columns,
  features,
  sizeRefusal,
  supportOf,
  unsupportedProblems,
} from '../../../stacks/spec/index.js';
import { codesOf, problemsOf, serviceInput, specInput, validSpec } from './valid-spec.js';

const azure = { subscription: '11111111-2222-3333-4444-555555555555', location: 'eastus' };

describe('columnOf', () => {
  test.each([
    [{}, 'azure', 'azure-container-apps'],
    [{ azure: { ...azure, compute: 'aci' } }, 'azure', 'azure-aci'],
    [{}, 'local', 'local-process'],
    [{ local: { runtime: 'auto' } }, 'local', 'local-process'],
    [{ local: { runtime: 'docker' } }, 'local', 'local-docker'],
    [{}, 'aws', 'aws'],
  ] as const)('%j on %s is %s', (clouds, target, column) => {
    expect(columnOf(validSpec(specInput({ clouds })), target)).toBe(column);
  });
});

describe('what a target cannot do is an error on the field', () => {
  test.each([
    [{ queue: { engine: 'managed' } }, 'local', 'queue.engine'],
    [{ queue: { engine: 'rabbitmq' } }, 'local', 'queue.engine'],
    [{ search: {} }, 'local', 'search'],
    [{ postgres: { extensions: ['pg_trgm', 'vector'] } }, 'local', 'postgres.extensions.1'],
    [{ postgres: { version: 16 } }, 'local', 'postgres.version'],
    [{ image: { ref: `app@sha256:${'0'.repeat(64)}` } }, 'local', 'image.ref'],
    [
      {
        image: { build: {}, platform: 'linux/arm64' },
        clouds: { gcp: { project: 'my-project', region: 'us-central1' } },
      },
      'gcp',
      'image.platform',
    ],
    [
      { schedules: { a: { cron: '0 3 * * *', command: ['x'] } }, clouds: { azure: { ...azure, compute: 'aci' } } },
      'azure',
      'schedules.a',
    ],
  ] as const)('%j on %s', (changes, target, path) => {
    expect(codesOf(specInput(changes), { target })).toEqual([`not-supported ${path}`]);
  });

  test('unless the local section says otherwise', () => {
    const input = specInput({ postgres: { version: 16 }, clouds: { local: { postgres: { version: 17 } } } });

    expect(codesOf(input, { target: 'local' })).toEqual([]);
  });

  test('a fixed number of replicas is what container groups can do', () => {
    const input = serviceInput({ scale: { min: 2, max: 4 } }, { clouds: { azure: { ...azure, compute: 'aci' } } });
    const [problem] = problemsOf(input, { target: 'azure' });

    expect(problem).toMatchObject({ code: 'not-supported', path: ['services', 'api', 'scale', 'max'] });
    expect(problem?.fix).toContain('container-apps');
  });

  test('is checked for every cloud of the spec when no target is named', () => {
    const input = specInput({ queue: { engine: 'rabbitmq' }, clouds: { aws: { region: 'us-east-1' }, azure } });

    expect(codesOf(input)).toEqual(['not-supported queue.engine']);
    expect(codesOf(input, { target: 'aws' })).toEqual([]);
  });
});

describe('what a target does in its own way is a note', () => {
  test('with the setting it is about', () => {
    const spec = validSpec(specInput({ postgres: { highAvailability: true } }), { target: 'local' });

    expect(capabilityNotes(spec, 'local-process')).toContainEqual({
      feature: 'postgres.highAvailability',
      path: ['postgres', 'highAvailability'],
      note: 'a single server',
    });
  });

  test('a health check that AWS has no such timing for is noted where it stands', () => {
    const input = serviceInput({
      routes: [{ path: '/' }],
      health: {
        readiness: { path: '/health', interval: '2s', timeout: '5s' },
        liveness: { path: '/live', timeout: '2m', failures: 1 },
      },
    });
    const noted = (column: 'aws' | 'kubernetes') =>
      capabilityNotes(validSpec(input), column).flatMap(({ feature, path }) =>
        feature === 'health.timing' ? [path.join('.')] : [],
      );

    expect(noted('aws')).toEqual(['services.api.health.readiness.interval', 'services.api.health.liveness.timeout']);
    expect(noted('kubernetes')).toEqual([]);
  });

  test('a drain within what the target can do needs none', () => {
    const drains = (drain: string) =>
      capabilityNotes(validSpec(serviceInput({ drain })), 'azure-container-apps').filter(
        ({ feature }) => feature === 'drain',
      );

    expect(drains('10m')).toEqual([]);
    expect(drains('11m')).toHaveLength(1);
  });
});

describe('the table', () => {
  test('supports every feature somewhere', () => {
    const keys = Object.keys(features) as (keyof typeof features)[];

    const nowhere = keys.filter((key) => columns.every((column) => supportOf(key, column).support === 'unsupported'));

    expect(nowhere).toEqual([]);
  });

  test('has a row per feature and a cell per column', () => {
    const rows = capabilityMatrixMarkdown()
      .split('\n')
      .filter((line) => line.startsWith('|'));

    expect(rows).toHaveLength(Object.keys(features).length + 2);
    expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([columns.length + 3]));
  });

  test('refuses nothing of the smallest spec anywhere', () => {
    const spec = validSpec(specInput());

    expect(columns.flatMap((column) => unsupportedProblems(spec, column))).toEqual([]);
  });
});

describe('sizes', () => {
  const size = (cpu: number, gibibytes: number) => ({ cpu, memory: { mebibytes: gibibytes * 1024 } });

  test('the default is offered everywhere', () => {
    expect(columns.flatMap((column) => sizeRefusal(column, size(1, 2)) ?? [])).toEqual([]);
  });

  test.each([
    ['aws', 0.25, 0.5],
    ['aws', 4, 30],
    ['aws', 16, 120],
    ['aws', 3, 8],
    ['gcp', 8, 32],
    ['azure-aci', 2, 4],
    ['azure-container-apps', 0.75, 1.5],
    ['kubernetes', 3.3, 7],
  ] as const)('%s offers %d vCPU with %d GiB', (column, cpu, gibibytes) => {
    expect(sizeRefusal(column, size(cpu, gibibytes))).toBeUndefined();
  });

  test.each([
    ['aws', 1, 121, 'memory'],
    ['aws', 17, 64, 'cpu'],
    ['gcp', 16, 32, 'cpu'],
    ['gcp', 1, 64, 'memory'],
    ['azure-aci', 0.5, 1, 'cpu'],
    ['azure-container-apps', 1, 4, 'memory'],
  ] as const)('%s does not offer %d vCPU with %d GiB: the %s is wrong', (column, cpu, gibibytes, field) => {
    const refusal = sizeRefusal(column, size(cpu, gibibytes));

    expect(refusal?.field).toBe(field);
    expect(refusal?.allowed.length).toBeGreaterThan(0);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatPath, parseSpec, targetKinds } from '../../../stacks/spec/index.js';
import { codesOf, problemsOf, serviceInput, specInput, validSpec } from './valid-spec.js';

const fixture = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, '../../fixtures/specs', name), 'utf8'));

describe('the complete example', () => {
  test.each([undefined, 'aws', 'gcp'] as const)('is valid for target %s in every stage', (target) => {
    for (const stage of ['staging', 'production', 'local']) {
      expect(problemsOf(fixture('full.yaml'), { stage, target })).toEqual([]);
    }
  });

  test('differs by stage as its overlays say', () => {
    const staging = validSpec(fixture('full.yaml'), { stage: 'staging' });
    const production = validSpec(fixture('full.yaml'), { stage: 'production' });

    expect(staging.services['api']?.scale.min).toBe(1);
    expect(production.services['api']?.scale.min).toBe(2);
    expect(staging.services['api']?.scale.max).toBe(10);
    expect([staging.postgres, production.postgres]).toMatchObject([
      { highAvailability: false },
      { highAvailability: true },
    ]);
  });

  test('carries amounts and durations with their units', () => {
    const { services, postgres, migrations } = validSpec(fixture('full.yaml'));

    expect(services['api']).toMatchObject({ drain: { seconds: 900 }, size: { cpu: 1, memory: { mebibytes: 2048 } } });
    expect(postgres).toMatchObject({ storage: { mebibytes: 102_400 }, backups: { retention: { seconds: 1_209_600 } } });
    expect(migrations).toMatchObject([{ name: 'migrate', timeout: { seconds: 600 }, snapshot: true }]);
  });
});

test('the minimal example gets every default', () => {
  expect(validSpec(fixture('minimal.yaml'))).toMatchSnapshot();
});

describe('what a field may look like', () => {
  test('a replica range without a signal scales on CPU', () => {
    expect(validSpec(serviceInput({ scale: { max: 4 } })).services['api']?.scale).toMatchObject({
      min: 1,
      max: 4,
      cpu: 70,
    });
    expect(validSpec(serviceInput({ scale: { max: 4, memory: 80 } })).services['api']?.scale.cpu).toBeUndefined();
  });

  test('max follows min', () => {
    expect(validSpec(serviceInput({ scale: { min: 3 } })).services['api']?.scale).toMatchObject({ min: 3, max: 3 });
  });

  test('a health path may come with its timing', () => {
    const readiness = { path: '/ready', interval: '5s', initialDelay: '5s' };

    const { services } = validSpec(serviceInput({ health: { readiness, liveness: '/live' } }));

    expect(services['api']?.health).toMatchObject({
      readiness: { path: '/ready', interval: { seconds: 5 }, initialDelay: { seconds: 5 }, failures: 3 },
      liveness: { path: '/live', interval: { seconds: 10 } },
    });
  });

  test('migrations become a list', () => {
    const command = ['alembic', 'upgrade', 'head'];
    const names = (migrations: unknown) => validSpec(specInput({ migrations })).migrations.map(({ name }) => name);

    expect(names({ command })).toEqual(['migrate']);
    expect(
      names([
        { name: 'gateway', command },
        { name: 'agents', command },
      ]),
    ).toEqual(['gateway', 'agents']);
  });

  test('an image is built or referred to', () => {
    const ref = `registry.example.com:5000/team/app@sha256:${'a'.repeat(64)}`;

    expect(validSpec(specInput({ image: { ref } })).image).toEqual({ kind: 'ref', ref, platform: undefined });
    expect(validSpec(specInput({ image: { build: { target: 'prod' } } })).image).toMatchObject({
      kind: 'build',
      context: '.',
      dockerfile: 'Dockerfile',
      target: 'prod',
    });
  });

  test('an image is not both built and referred to', () => {
    expect(codesOf(specInput({ image: { build: {}, ref: 'app' } }))).toHaveLength(1);
  });

  test.each(['postgres', 'search', 'cache', 'queue'])('%s may run elsewhere', (section) => {
    const input = specInput({ secrets: ['URL'], [section]: { external: '${secrets.URL}' } });

    expect(validSpec(input)).toMatchObject({ [section]: { kind: 'external', url: '${secrets.URL}' } });
  });

  test.each(['postgres', 'search', 'cache', 'queue'])('%s elsewhere has no further settings', (section) => {
    const input = specInput({ secrets: ['URL'], [section]: { external: '${secrets.URL}', engine: 'redis' } });

    expect(codesOf(input)).toEqual([`unknown-key ${section}.engine`]);
  });
});

describe('an overlay', () => {
  test('removes with null', () => {
    const input = specInput({ postgres: {}, stages: { production: { postgres: null } } });

    expect(validSpec(input).postgres).toBeUndefined();
    expect(validSpec(input, { stage: 'staging' }).postgres).toBeDefined();
  });

  test('replaces lists', () => {
    const input = specInput({ secrets: ['A', 'B'], stages: { production: { secrets: ['C'] } } });

    expect(validSpec(input).secrets).toEqual(['C']);
  });

  test('may be empty', () => {
    expect(problemsOf(specInput({ stages: { production: null } }))).toEqual([]);
  });

  test('of another stage is not looked at', () => {
    expect(problemsOf(specInput({ stages: { staging: { nonsense: 1 } } }))).toEqual([]);
  });

  test('must be a map', () => {
    expect(codesOf(specInput({ stages: { production: 'x' } }))).toEqual(['wrong-type stages.production']);
    expect(codesOf(specInput({ stages: ['production'] }))).toEqual(['wrong-type stages']);
  });
});

describe('problems', () => {
  test('of fields and of rules are reported together', () => {
    const input = serviceInput(
      { port: 'x', size: { cpu: 1, memory: '200Gi' }, health: { readiness: 'health' } },
      { nme: 'x', clouds: { aws: { region: 'us-east-1' } }, schedules: { nightly: { cron: '99 * * * *' } } },
    );

    expect(codesOf(input)).toEqual([
      'bad-cron schedules.nightly.cron',
      'bad-path services.api.health.readiness',
      'missing-key schedules.nightly.command',
      'size-not-offered services.api.size.memory',
      'unknown-key nme',
      'wrong-type services.api.port',
    ]);
  });

  test('of several items of one list are all reported', () => {
    expect(codesOf(specInput({ secrets: ['a b', 'c d', 'GOOD'] }))).toEqual([
      'bad-name secrets.0',
      'bad-name secrets.1',
    ]);
  });

  test('without a service the rest is still checked', () => {
    expect(codesOf({ name: 'support-agent', services: {}, domain: { name: 'x' } })).toEqual([
      'bad-host-name domain.name',
      'bad-value services',
    ]);
  });

  test.each([undefined, null, 'text', 3, []])('a file that holds %j is refused', (input) => {
    expect(codesOf(input)).toEqual(['wrong-type ']);
  });

  test('of any input are values, never an exception', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'name',
        'image',
        'build',
        'services',
        'api',
        'port',
        'scale',
        'min',
        'postgres',
        'clouds',
        'aws',
        'migrations',
        'command',
        'stages',
        'production',
        'env',
      ),
      fc.string(),
    );
    const { input } = fc.letrec((tie) => ({
      input: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.dictionary(key, tie('input')),
        fc.array(tie('input'), { maxLength: 3 }),
      ),
    }));

    fc.assert(
      fc.property(input, fc.constantFrom(undefined, ...targetKinds), (value, target) => {
        expect(parseSpec(value, { stage: 'production', target }).kind).toMatch(/^(?:valid|invalid)$/);
      }),
      { numRuns: 300 },
    );
  });
});

test('formatPath writes a path as people do', () => {
  expect(formatPath(['services', 'api', 'routes', 0, 'path'])).toBe('services.api.routes[0].path');
});

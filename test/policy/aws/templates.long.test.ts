import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Template, resourcesOf } from '../../../stacks/aws/policy/template.js';
import { statefulTypes } from '../../../stacks/aws/policy/index.js';
import { imageSources } from '../../../stacks/spec/index.js';
import { nameLimits } from '../../support/aws/name-limits.js';
import { type SynthesizedExample, synthesizedExample, synthesizedText } from '../../support/aws/synthesized-example.js';
import { validated } from '../../support/aws/validated.js';

const demo = 'examples/state-management-demo/agentctl.yaml';

/** What CloudFormation would refuse. */
function errorsIn({ templates }: SynthesizedExample): readonly string[] {
  return templates.flatMap(({ stack, text }) =>
    validated(stack, text)
      .filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL')
      .map(({ ruleId, message, entity }) => `${stack}, ${entity?.logicalId}: ${message} (${ruleId})`),
  );
}

test.each(['quickstart', 'fastapi-agent', 'state-management-demo'])(
  'CloudFormation Validate finds no error in %s',
  (name) => {
    expect(errorsIn(synthesizedExample(`examples/${name}/agentctl.yaml`))).toEqual([]);
  },
);

/** Create-only properties of what holds data, by `logicalId.property`: CloudFormation replaces it when one changes. */
function createOnly({ templates }: SynthesizedExample): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    templates.flatMap(({ stack, text, template }) => {
      const stateful = new Map(resourcesOf(template, ...Object.keys(statefulTypes)));
      return validated(stack, text)
        .filter(({ ruleId, message }) => ruleId === 'I9001' && message.includes(' is create-only'))
        .flatMap(({ entity, propertyPath = '' }) => {
          const resource = stateful.get(entity?.logicalId ?? '');
          if (resource === undefined) return [];
          return [[`${entity?.logicalId}.${propertyPath}`, valueAt(resource, propertyPath)] as const];
        });
    }),
  );
}

function valueAt(resource: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], resource);
}

function statefulIds({ templates }: SynthesizedExample): readonly string[] {
  return templates
    .flatMap(({ template }) => resourcesOf(template, ...Object.keys(statefulTypes)).map(([logicalId]) => logicalId))
    .toSorted();
}

describe('what holds data', () => {
  const release = (id: string, digit: string): SynthesizedExample =>
    synthesizedExample(demo, (request) => ({
      ...request,
      release: id,
      secretsMarker: `marker-${digit}`,
      images: Object.fromEntries(
        Object.keys(imageSources(request.spec)).map((source) => [source, `host/agent@sha256:${digit.repeat(64)}`]),
      ),
    }));

  test('is not touched by a release with another image and rotated secrets', () => {
    const [first, second] = [release('r1', '1'), release('r2', '2')];
    const stateful = ({ templates }: SynthesizedExample): unknown =>
      templates.map(({ template }: { template: Template }) => resourcesOf(template, ...Object.keys(statefulTypes)));

    expect(stateful(second)).toEqual(stateful(first));
    // They differ where they should.
    expect(second.templates.map(({ text }) => text)).not.toEqual(first.templates.map(({ text }) => text));
  });

  test('is not replaced when it grows', () => {
    const before = release('r1', '1');
    const after = synthesizedText(
      [
        ['size: medium', 'size: large'],
        ['db.t3.medium', 'db.r6g.large'],
        ['t3.medium.search', 'r6g.large.search'],
        ['storage: 100Gi\n  highAvailability', 'storage: 200Gi\n  highAvailability'],
        ['nodes: 2, storage: 100Gi', 'nodes: 4, storage: 200Gi'],
        ['memory: 1Gi, highAvailability', 'memory: 4Gi, highAvailability'],
        ['retention: 7d #', 'retention: 14d #'],
      ].reduce((text, [from = '', to = '']) => {
        if (!text.includes(from)) throw new Error(`the example does not say ${from}`);
        return text.replace(from, to);
      }, exampleText()),
    );

    const old = createOnly(before);
    expect(Object.keys(old).length).toBeGreaterThan(5);
    expect(createOnly(after)).toEqual(old);
    expect(statefulIds(after)).toEqual(statefulIds(before));
  });
});

test('names are within their limits for the longest legal names', () => {
  const [agent, stage, workload] = ['a', 'p', 'w'].map((letter, index) =>
    letter.padEnd([24, 16, 24][index] ?? 0, 'x9'),
  );
  const text = exampleText()
    .replace('name: state-management-demo', `name: ${agent}`)
    .replace('\n  api:\n', `\n  ${workload}:\n`)
    .replace('migrations: { ', `migrations: { name: m${(workload ?? '').slice(1)}, `)
    .replaceAll('services: { api:', `services: { ${workload}:`)
    .concat(`  ${stage}: {}\nschedules:\n  ${workload}2:\n    cron: 0 4 * * *\n    command: [python, -m, app.tidy]\n`)
    .replace(`${workload}2`, `s${(workload ?? '').slice(1)}`);
  const example = synthesizedText(text, (request) => ({ ...request, stage: stage ?? '' }));

  const names = example.templates.flatMap(({ template }) =>
    resourcesOf(template).flatMap(([logicalId, { Type, Properties = {} }]) =>
      Object.entries(nameLimits[Type] ?? {}).flatMap(([property, limit]) => {
        const name = Properties[property];
        return typeof name === 'string' ? [{ where: `${logicalId}.${property}`, length: name.length, limit }] : [];
      }),
    ),
  );
  const ids = example.templates.flatMap(({ template }) => Object.keys(template.Resources ?? {}));
  const outputs = example.templates.flatMap(({ template }) => Object.entries(template.Outputs ?? {}));

  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(({ length, limit }) => length > limit)).toEqual([]);
  expect(ids.filter((id) => id.length > 255)).toEqual([]);
  expect(outputs.filter(([id, { Export }]) => id.length > 255 || (Export?.Name ?? '').length > 255)).toEqual([]);
  expect(example.templates.filter(({ stack }) => stack.length > 128)).toEqual([]);
  expect(errorsIn(example)).toEqual([]);
});

function exampleText(): string {
  return readFileSync(demo, 'utf8');
}

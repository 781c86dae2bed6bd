import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeProject, composeYaml } from '../../../../stacks/local/compose/index.js';
import { parseSpec } from '../../../../stacks/spec/index.js';
import { contextFor } from './compose-files.js';

const root = join(import.meta.dirname, '../../../..');

/** Every file of an agent in this repository that the local target can run. */
const agents = ['examples', 'test/fixtures/projects', 'test/fixtures/specs']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /(?<!\.compose)\.yaml$/.test(file) && !file.includes('node_modules'))
  .toSorted()
  .flatMap((file) => {
    const parsed = parseSpec(parse(readFileSync(join(root, file), 'utf8')), { stage: 'local', target: 'local' });
    return parsed.kind === 'valid' ? [{ file, spec: parsed.spec }] : [];
  });

const schema: object = JSON.parse(
  readFileSync(join(root, 'test/fixtures/compose-spec/compose-spec.json'), 'utf8').replace(
    // Ajv knows the draft by its other address.
    'https://json-schema.org/draft-07/schema',
    'http://json-schema.org/draft-07/schema#',
  ),
);
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

test('there are agents to look at', () => {
  expect(agents.map(({ file }) => basename(file))).toEqual(
    expect.arrayContaining(['agentctl.yaml', 'confined.yaml', 'everything.yaml', 'web.yaml', 'worker-only.yaml']),
  );
});

test.each(agents)('$file becomes a project that the Compose Specification allows', ({ spec }) => {
  const text = composeYaml(contextFor(spec));

  validate(parse(text, { version: '1.1', merge: true }));

  expect(validate.errors ?? []).toEqual([]);
});

test('the check notices what Compose would refuse', () => {
  const { spec } = agents.find(({ file }) => file.endsWith('web.yaml')) ?? {};
  const project = spec === undefined ? undefined : composeProject(contextFor(spec));

  expect(validate({ ...project, services: { api: { image: 'a', cap_dorp: ['ALL'] } } })).toBe(false);
  expect(validate({ ...project, services: { api: { image: 'a', restart: false } } })).toBe(false);
});

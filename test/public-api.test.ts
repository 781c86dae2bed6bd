import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as spec from '../stacks/spec/public.js';

const packageJson = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  files: string[];
};

test('the entry points of the package', () => {
  expect(Object.keys(packageJson.exports)).toMatchInlineSnapshot(`
    [
      "./spec",
      "./aws",
      "./gcp",
      "./schema.json",
      "./package.json",
    ]
  `);
});

test('what agentctl/spec exports', () => {
  expect(Object.keys(spec).toSorted()).toMatchInlineSnapshot(`
    [
      "agentSchema",
      "parseSpec",
      "parseTemplate",
      "problemCodes",
      "referencesIn",
      "resolveTemplate",
      "targetKinds",
    ]
  `);
});

test('the types that agentctl/spec exports', () => {
  const source = readFileSync(join(import.meta.dirname, '../stacks/spec/public.ts'), 'utf8');

  // One list of names and nothing else: no `export *` and no declaration that this would not see.
  expect(source.match(/^export\b.*/gm)).toEqual(['export {']);
  expect([...source.matchAll(/^ {2}type (\w+),$/gm)].map(([, name]) => name)).toMatchInlineSnapshot(`
    [
      "AgentSpec",
      "ParseContext",
      "ParsedSpec",
      "ServiceSpec",
      "SpecProblem",
      "TargetKind",
    ]
  `);
});

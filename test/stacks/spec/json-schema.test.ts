import { expect, test } from 'vitest';
import { agentJsonSchema, type JsonSchema } from '../../../stacks/spec/json-schema.js';

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function undescribed(schema: JsonSchema, path: string): readonly string[] {
  const { properties, anyOf, items, additionalProperties } = schema;
  const fields = isSchema(properties) ? Object.entries(properties) : [];
  return [
    ...fields.flatMap(([key, field]) => {
      if (!isSchema(field)) return [];
      const missing = typeof field['description'] === 'string' ? [] : [`${path}${key}`];
      return [...missing, ...undescribed(field, `${path}${key}.`)];
    }),
    ...(Array.isArray(anyOf) ? anyOf.filter(isSchema).flatMap((branch) => undescribed(branch, path)) : []),
    ...[items, additionalProperties].filter(isSchema).flatMap((inner) => undescribed(inner, `${path}*.`)),
  ];
}

function field(schema: JsonSchema, ...path: readonly string[]): JsonSchema {
  return path.reduce((parent, key) => {
    const { properties, additionalProperties } = parent;
    const next = isSchema(properties) ? properties[key] : additionalProperties;
    return isSchema(next) ? next : {};
  }, schema);
}

test('every field is described', () => {
  expect(undescribed(agentJsonSchema(), '')).toEqual([]);
});

test('an overlay may leave out and remove what the base must have', () => {
  const service = field(agentJsonSchema(), 'stages', 'production', 'services', 'api', 'pool');

  expect(service).not.toHaveProperty('required');
  expect(service['type']).toEqual(['object', 'null']);
});

test('an overlay cannot rename the agent', () => {
  expect(field(agentJsonSchema(), 'stages', 'production')['properties']).not.toHaveProperty('name');
});

test('the base needs a name and services', () => {
  expect(agentJsonSchema()['required']).toEqual(['name', 'services']);
});

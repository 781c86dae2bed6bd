import * as z from 'zod';
import { agentSchema } from './schema/agent.js';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where the published schema can be found. */
const schemaId = 'https://unpkg.com/agentctl/agentctl.schema.json';

/** The JSON Schema of a config file as people write it, for editors: draft 7, which the YAML language server reads best. */
export function agentJsonSchema(): JsonSchema {
  const { $schema, properties, ...root } = asSchema(z.toJSONSchema(agentSchema, { io: 'input', target: 'draft-7' }));
  const { name: _, ...perStage } = asSchema(properties);
  const overlay = overlayOf({ type: 'object', properties: perStage, additionalProperties: false });
  return {
    $schema,
    $id: schemaId,
    title: 'agentctl.yaml',
    description: 'An AI agent: its containers, data services and targets.',
    ...root,
    properties: {
      ...asSchema(properties),
      stages: {
        description:
          'Overlays by stage name, merged over the rest: maps merge, lists and values replace, null removes.',
        type: 'object',
        propertyNames: { pattern: '^[a-z](-?[a-z0-9])*$', maxLength: 16 },
        additionalProperties: nullable(overlay),
      },
    },
  };
}

/** The schema with everything optional, removable by null, and without defaults. */
function overlayOf(schema: JsonSchema): JsonSchema {
  const { required: _required, default: _default, minProperties: _minimum, ...rest } = schema;
  const parts: Record<string, unknown> = { ...rest };
  if (isSchema(rest['properties'])) {
    parts['properties'] = Object.fromEntries(
      Object.entries(rest['properties']).map(([key, value]) => [key, nullable(overlayOf(asSchema(value)))]),
    );
  }
  const { additionalProperties, anyOf } = rest;
  if (isSchema(additionalProperties)) parts['additionalProperties'] = nullable(overlayOf(additionalProperties));
  if (Array.isArray(anyOf)) parts['anyOf'] = anyOf.map((branch) => overlayOf(asSchema(branch)));
  return parts;
}

function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, anyOf } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  return {
    ...schema,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): JsonSchema {
  return isSchema(value) ? value : {};
}

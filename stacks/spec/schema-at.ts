import type { z } from 'zod';
import { agentSchema } from './schema/agent.js';
import type { SpecPath } from './problem.js';

type AnySchema = z.core.$ZodType;

/** zod’s own union of all kinds of schema, which its parts are not typed as. */
function isKnown(schema: AnySchema): schema is z.core.$ZodTypes {
  return 'type' in schema._zod.def;
}

/** The plain schemas behind a schema: wrappers removed, unions flattened; what the user writes, not what comes out. */
function plainSchemas(schema: AnySchema): readonly z.core.$ZodTypes[] {
  if (!isKnown(schema)) return [];
  const { def } = schema._zod;
  if (def.type === 'optional' || def.type === 'prefault') return plainSchemas(def.innerType);
  if (def.type === 'pipe') return plainSchemas(def.in);
  if (def.type === 'union') return def.options.flatMap(plainSchemas);
  return [schema];
}

function step(schema: z.core.$ZodTypes, part: string | number): readonly AnySchema[] {
  const { def } = schema._zod;
  if (def.type === 'array') return typeof part === 'number' ? [def.element] : [];
  if (def.type === 'record') return [def.valueType];
  if (def.type !== 'object') return [];
  const next = def.shape[part];
  return next === undefined ? [] : [next];
}

function schemasAt(path: SpecPath): readonly z.core.$ZodTypes[] {
  let schemas = plainSchemas(agentSchema);
  for (const part of path) schemas = schemas.flatMap((schema) => step(schema, part)).flatMap(plainSchemas);
  return schemas;
}

/** The keys that exist at a place of the spec; `stages` included at the root. */
export function allowedKeysAt(path: SpecPath): readonly string[] {
  const keys = schemasAt(path).flatMap((schema) => {
    const { def } = schema._zod;
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
  return [...new Set(path.length === 0 ? [...keys, 'stages'] : keys)];
}

/** Whether a number with a fraction makes sense at a place of the spec. */
export function acceptsFractionAt(path: SpecPath): boolean {
  return schemasAt(path).some((schema) => {
    const { def } = schema._zod;
    return def.type === 'number' && !('format' in def);
  });
}

/** Whether `{}` is a complete value at a place of the spec. */
export function acceptsEmptyMapAt(path: SpecPath): boolean {
  return schemasAt(path).some((schema) => {
    const { def } = schema._zod;
    if (def.type === 'record') return true;
    return def.type === 'object' && Object.values(def.shape).every((field) => isOptional(field));
  });
}

function isOptional(schema: AnySchema): boolean {
  return isKnown(schema) && (schema._zod.def.type === 'optional' || schema._zod.def.type === 'prefault');
}

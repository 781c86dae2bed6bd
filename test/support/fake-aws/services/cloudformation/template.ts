import { parse } from 'yaml';
import { z } from 'zod';
import { ServiceError } from '../../service-error.js';

const policy = z.enum(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);
const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
  DeletionPolicy: policy.default('Delete'),
  UpdateReplacePolicy: policy.default('Delete'),
  Metadata: z.record(z.string(), z.unknown()).optional(),
});
const parameter = z.object({
  Type: z.string(),
  Default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  Description: z.string().optional(),
  NoEcho: z.union([z.boolean(), z.string()]).optional(),
  AllowedValues: z.array(z.unknown()).optional(),
  AllowedPattern: z.string().optional(),
});
const output = z.object({
  Value: z.unknown(),
  Description: z.string().optional(),
  Condition: z.string().optional(),
  Export: z.object({ Name: z.unknown() }).optional(),
});

const schema = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Rules: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), output).default({}),
});

/** A template, with the defaults of what it leaves out. No transforms: those are refused. */
export type Template = z.infer<typeof schema>;
/** A resource of a template. */
export type TemplateResource = Template['Resources'][string];

/** A template out of JSON or YAML. */
export function parseTemplate(body: string): Template {
  let document: unknown;
  try {
    document = body.trimStart().startsWith('{') ? JSON.parse(body) : parse(body, { logLevel: 'error' });
  } catch (error) {
    throw new ServiceError('ValidationError', `Template format error: ${String(error)}`);
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new ServiceError('ValidationError', `Template format error: ${z.prettifyError(parsed.error)}`);
}

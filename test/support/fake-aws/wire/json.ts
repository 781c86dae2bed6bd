import { formatScalar } from './scalar.js';
import type { Shape } from './shape.js';

/** A parsed JSON body → what the SDK's types call the input: dates, bytes. Members that are not known are left out. */
export function fromJson(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'list':
      return (value as unknown[]).map((item) => fromJson(item, shape.member()));
    case 'map':
      return mapValues(value as Record<string, unknown>, (item) => fromJson(item, shape.value()));
    case 'structure': {
      const given = value as Record<string, unknown>;
      const entries = [...shape.members()].map(([name, member]) => [
        name,
        fromJson(given[jsonName(name, member)], member),
      ]);
      return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
    }
    case 'blob':
      return Buffer.from(value as string, 'base64');
    case 'timestamp':
      return typeof value === 'number' ? new Date(value * 1000) : new Date(value as string);
    case 'string':
    case 'number':
    case 'boolean':
    case 'document':
    case 'unit':
      return value;
  }
}

/** What an operation returned → JSON. A member that the shape does not have is a mistake of the fake, and thrown. */
export function toJson(value: unknown, shape: Shape, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'list':
      return (value as unknown[]).map((item, at) => toJson(item, shape.member(), `${path}[${at}]`));
    case 'map':
      return mapValues(value as Record<string, unknown>, (item, key) => toJson(item, shape.value(), `${path}.${key}`));
    case 'structure': {
      const entries = Object.entries(value).map(([name, item]) => {
        const member = shape.members().get(name);
        if (member === undefined) throw new TypeError(`${path}: ${shape.name} has no member ${name}`);
        return [jsonName(name, member), toJson(item, member, `${path}.${name}`)];
      });
      return Object.fromEntries(entries);
    }
    case 'timestamp':
      return (shape.format ?? 'epoch-seconds') === 'epoch-seconds' && value instanceof Date
        ? value.getTime() / 1000
        : formatScalar(value, shape, 'epoch-seconds', path);
    case 'number':
    case 'boolean':
      formatScalar(value, shape, 'epoch-seconds', path);
      return value;
    case 'string':
    case 'blob':
      return formatScalar(value, shape, 'epoch-seconds', path);
    case 'document':
    case 'unit':
      return value;
  }
}

function jsonName(name: string, member: Shape): string {
  return typeof member.traits['jsonName'] === 'string' ? member.traits['jsonName'] : name;
}

function mapValues(value: Record<string, unknown>, change: (item: unknown, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

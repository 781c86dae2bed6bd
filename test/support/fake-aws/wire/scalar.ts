import type { Shape } from './shape.js';

type Format = 'date-time' | 'http-date' | 'epoch-seconds';

/** A simple value out of text, as in XML, queries and headers. */
export function parseScalar(text: string, shape: Shape): unknown {
  switch (shape.kind) {
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'blob':
      return Buffer.from(text, 'base64');
    case 'timestamp':
      return shape.format === 'epoch-seconds' || /^[\d.]+$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
    case 'string':
    case 'document':
    case 'unit':
    case 'list':
    case 'map':
    case 'structure':
      return text;
  }
}

/** A simple value as text. What is not of the shape's kind is a mistake of the fake, and thrown. */
export function formatScalar(value: unknown, shape: Shape, usualFormat: Format, path: string): string {
  switch (shape.kind) {
    case 'number':
      if (typeof value === 'number' || typeof value === 'bigint') return String(value);
      break;
    case 'boolean':
      if (typeof value === 'boolean') return String(value);
      break;
    case 'blob':
      if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
      break;
    case 'timestamp':
      if (value instanceof Date) return formatDate(value, shape.format ?? usualFormat);
      break;
    case 'string':
      if (typeof value === 'string') return value;
      break;
    case 'document':
    case 'unit':
    case 'list':
    case 'map':
    case 'structure':
  }
  throw new TypeError(`${path}: ${JSON.stringify(value)} is no ${shape.kind}`);
}

function formatDate(date: Date, format: Format): string {
  if (format === 'http-date') return date.toUTCString();
  return format === 'epoch-seconds' ? String(date.getTime() / 1000) : date.toISOString();
}

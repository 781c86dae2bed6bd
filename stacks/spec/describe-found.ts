import type { SpecPath } from './problem.js';
import { containsToken, containsUrlPassword, isSecretName } from './secret-shapes.js';

const secretPlaces: ReadonlySet<string | number> = new Set(['env', 'args', 'secrets', 'external']);
const longest = 60;

/** A PIN or numeric password. */
function isMaybeSecret(path: SpecPath, value: number): boolean {
  return isSecretName(String(path.at(-1))) || Math.abs(value) >= 100_000;
}

/** What was found at a place, short enough for one line; only its kind where a secret could be. */
export function describeFound(path: SpecPath, value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const hidden = path.some((part) => secretPlaces.has(part));
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return hidden && isMaybeSecret(path, value) ? 'a number' : String(value);
  const text = typeof value === 'string' ? value : '';
  if (hidden || containsToken(text) || containsUrlPassword(text)) return 'a text';
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

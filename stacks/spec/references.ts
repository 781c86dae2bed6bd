import type { AgentSpec } from './schema/agent.js';
import { referencesIn } from './template.js';

/** What a spec section can be asked for: `${postgres.url}` and so on. */
export const sectionReferences = {
  postgres: ['host', 'port', 'user', 'password', 'database', 'url', 'directUrl'],
  search: ['url', 'username', 'password'],
  cache: ['url', 'host', 'port', 'password'],
  queue: ['url'],
} as const;

function isSection(name: string): name is ReferencedSection {
  return Object.hasOwn(sectionReferences, name);
}

/** The sections that references can point into. */
export const referencedSections: readonly ReferencedSection[] = Object.keys(sectionReferences).filter(isSection);

/** References that exist in every spec. */
export const plainReferences = ['stage', 'release.id'] as const;

/** A section that references can point into. */
export type ReferencedSection = keyof typeof sectionReferences;

const secretReferences: ReadonlySet<string> = new Set([
  'postgres.password',
  'postgres.url',
  'postgres.directUrl',
  'search.password',
  'cache.password',
  'cache.url',
  'queue.url',
]);

/** Whether what a reference stands for must never be shown. `spec` decides it for an external search URL. */
export function isSecretReference(reference: string, spec?: Pick<AgentSpec, 'search'>): boolean {
  if (secretReferences.has(reference) || reference.startsWith('secrets.')) return true;
  return reference === 'search.url' && spec?.search?.kind === 'external' && isSecretTemplate(spec.search.url);
}

/** Whether a text contains a secret reference, and so must be treated as a secret itself. */
export function isSecretTemplate(template: string, spec?: Pick<AgentSpec, 'search'>): boolean {
  return referencesIn(template).some((reference) => isSecretReference(reference, spec));
}

/** The secrets of `secrets:` that a text refers to. */
export function secretNamesIn(template: string): readonly string[] {
  return referencesIn(template).flatMap((reference) =>
    reference.startsWith('secrets.') ? [reference.slice('secrets.'.length)] : [],
  );
}

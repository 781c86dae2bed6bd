import { type AgentSpec, parseTemplate, type PlacedWorkload, referencesIn } from '../spec/index.js';

/** What the environment of a container is computed from. */
export interface EnvironmentScope {
  readonly spec: AgentSpec;
  readonly stage: string;
  /** `r7`; null before there is a release. */
  readonly release: string | null;
}

/** The user of every part that has one. */
export const generatedUser = 'agent';

/** Databases of a Redis that cache and queue share, as locally. */
export const redisDatabases = { cache: 0, queue: 1 } as const;

/** References of one section by field, in atoms; what is absent the agent does not have. */
export type Atoms = Readonly<Partial<Record<string, string>>>;

/** What a cloud puts in place of `${SECTION.FIELD}`, for the sections that differ between clouds; undefined: nothing. */
export type CloudAtoms = (
  section: string,
  field: string,
  scope: EnvironmentScope,
  workload: PlacedWorkload,
) => string | undefined;

/**
 * A template in which only references are left that are one value each: `${secrets.NAME}`, `${generated.PART.…}` and
 * `${output.NAME}` of the foundation stack.
 */
export function atomicTemplate(
  template: string,
  scope: EnvironmentScope,
  workload: PlacedWorkload,
  atoms: CloudAtoms,
): string {
  return parseTemplate(template)
    .map((part) => {
      if (part.kind === 'text') return literal(part.text);
      const [section = '', ...rest] = part.reference.split('.');
      const field = rest.join('.');
      const found = sameOnAll(section, field, scope) ?? atoms(section, field, scope, workload);
      if (found === undefined) throw new Error(`nothing to put in place of \${${part.reference}}`);
      return found;
    })
    .join('');
}

function sameOnAll(section: string, field: string, { stage, release }: EnvironmentScope): string | undefined {
  if (section === 'stage') return literal(stage);
  if (section === 'release' && field === 'id') return release ?? 'unreleased';
  return section === 'secrets' ? `\${secrets.${field}}` : undefined;
}

/** A text that stays as it is when it is parsed again. */
function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

/** An output of the foundation stack. */
export function outputAtom(name: string): string {
  return `\${output.${name}}`;
}

/** A password that was made up; letters, digits and hyphens, so it stands in a URL as it is. */
export function passwordAtom(part: string): string {
  return `\${generated.${part}.password}`;
}

/** Whether an atomic template holds a secret. */
export function isSecretAtomic(template: string): boolean {
  return referencesIn(template).some((reference) => !reference.startsWith('output.'));
}

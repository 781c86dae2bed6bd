import { isSecretName } from '../../stacks/spec/index.js';
import { connectionReference } from './connection-reference.js';
import type { ExampleVariable } from './example-environment.js';
import type { OmittedVariable, ProposedVariable } from './proposal.js';

/** The variables of an example file, by what becomes of them. */
export interface SortedVariables {
  readonly variables: readonly ProposedVariable[];
  readonly secrets: readonly string[];
  readonly omitted: readonly OmittedVariable[];
  /** Sections that a variable refers to. */
  readonly sections: ReadonlySet<'postgres' | 'search' | 'cache' | 'queue'>;
  readonly isRabbitmq: boolean;
}

/** Pure: decides for each variable whether it is a reference, a secret, a plain value, or left to the user. */
export function sortVariables(examples: readonly ExampleVariable[]): SortedVariables {
  const variables: ProposedVariable[] = [];
  const secrets: string[] = [];
  const omitted: OmittedVariable[] = [];
  const sections = new Set<'postgres' | 'search' | 'cache' | 'queue'>();
  let isRabbitmq = false;
  for (const example of examples) {
    const { name, value } = example;
    const connection = connectionReference(example);
    if (connection !== undefined) {
      variables.push({ name, value: connection.value });
      sections.add(connection.section);
      isRabbitmq ||= connection.isRabbitmq === true;
    } else if (isSecret(name)) {
      secrets.push(name);
    } else {
      const reason = whyOmitted(name, value);
      if (reason === undefined) variables.push(forProduction(example));
      else omitted.push({ name, value: reason.value, reason: reason.text });
    }
  }
  return { variables, secrets, omitted, sections, isRabbitmq };
}

/** Example files are for development. */
function forProduction({ name, value }: ExampleVariable): ProposedVariable {
  const note = `${value} in the example file`;
  if (/(?:^|_)ENV(?:IRONMENT)?$/.test(name) && /^(?:dev|development|local)$/i.test(value)) {
    return { name, value: 'production', note };
  }
  if (/(?:^|_)DEBUG$/.test(name) && /^(?:true|1)$/i.test(value))
    return { name, value: value === '1' ? '0' : 'false', note };
  return { name, value };
}

function isSecret(name: string): boolean {
  return isSecretName(name) || (/_(?:KEY|DSN)$/.test(name) && !/PUBLIC/.test(name));
}

function whyOmitted(name: string, value: string): { readonly value: string; readonly text: string } | undefined {
  if (/^(?:PORT|HOST)$/.test(name)) return { value: '', text: 'set by the target' };
  if (value === '') return { value: '', text: 'has no value in the example file' };
  if (/^<.*>$|^\[.*\]$|^(?:your|my|change|replace|todo|xxx|\.\.\.)[\w.-]*$/i.test(value)) {
    return { value: '', text: 'has only a placeholder in the example file' };
  }
  if (/localhost|127\.0\.0\.1|host\.docker\.internal/.test(value))
    return { value: '', text: 'points at one machine in the example file' };
  return undefined;
}

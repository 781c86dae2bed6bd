import { parseSpec } from '../../stacks/spec/index.js';
import type { OmittedVariable, Proposal, ProposedVariable } from './proposal.js';
import { partsInput } from './spec-input.js';

type Variables = Pick<Proposal, 'variables' | 'secrets' | 'omitted' | 'parts'>;

/** Where the rules may differ: some hold only in production. */
const stages = ['production', 'local'];

/**
 * Pure: the variables that a spec accepts. What the rules of the spec call a secret becomes one, and what they refuse for
 * another reason is left out with that reason.
 */
export function checkVariables({ variables, secrets, omitted, parts }: Variables): Omit<Variables, 'parts'> {
  const unique = variables.filter(({ name }, index) => variables.findIndex((other) => other.name === name) === index);
  const input = {
    name: 'checked',
    services: { worker: { command: ['true'] } },
    env: Object.fromEntries(unique.map(({ name, value }) => [name, escaped(value)])),
    secrets: [...new Set(secrets)],
    ...partsInput(parts),
  };
  const problems = stages.flatMap((stage) => {
    const parsed = parseSpec(input, { stage });
    return parsed.kind === 'invalid' ? parsed.problems : [];
  });
  const problemOf = (section: string, key: string | number) =>
    problems.find(({ path }) => path[0] === section && path[1] === key);

  const refused: OmittedVariable[] = [];
  const kept: ProposedVariable[] = [];
  const more: string[] = [];
  for (const variable of unique) {
    const problem = problemOf('env', variable.name);
    if (problem === undefined) kept.push({ ...variable, value: escaped(variable.value) });
    else if (problem.code === 'secret-in-file') more.push(variable.name);
    else if (problem.code !== 'declared-twice')
      refused.push({ name: variable.name, value: '', reason: problem.message });
  }
  const accepted = input.secrets.filter((name, index) => {
    const problem = problemOf('secrets', index);
    if (problem === undefined || problem.code === 'declared-twice') return true;
    refused.push({ name, value: '', reason: problem.message });
    return false;
  });
  return { variables: kept, secrets: [...accepted, ...more], omitted: [...omitted, ...refused] };
}

/** References of ours stay; any other `${` of an example file is a literal one. */
function escaped(value: string): string {
  return value.replace(/\$\{(?!(?:postgres|search|cache|queue)\.\w+\})/g, () => '$${');
}

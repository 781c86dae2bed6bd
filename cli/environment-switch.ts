import { AgentctlError } from './errors.js';

/** Variables that stand for a flag, with what they do. Variables that hold a value belong to their option. */
export const environmentSwitches = [
  'AGENTCTL_YES',
  'AGENTCTL_JSON',
  'AGENTCTL_NO_INPUT',
  'AGENTCTL_NO_COLOR',
  'AGENTCTL_VERBOSE',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

const onWords: readonly string[] = ['1', 'true', 'yes', 'on'];
const offWords: readonly string[] = ['', '0', 'false', 'no', 'off'];

/** Pure: whether a variable turns its flag on. One that says neither yes nor no does not. */
export function isSwitchedOn(environment: Environment, name: (typeof environmentSwitches)[number]): boolean {
  return onWords.includes(wordOf(environment, name));
}

/**
 * Takes no answer that could be meant either way: one of these flags deletes data without a question.
 *
 * @throws UsageInvalid naming the first variable that says neither yes nor no
 */
export function assertSwitches(environment: Environment): void {
  const unclear = environmentSwitches.find((name) => ![...onWords, ...offWords].includes(wordOf(environment, name)));
  if (unclear === undefined) return;
  throw new AgentctlError('UsageInvalid', `${unclear}="${environment[unclear]}" is neither yes nor no`, {
    fix: `set ${unclear} to 1 or 0, or remove it`,
  });
}

function wordOf(environment: Environment, name: string): string {
  return (environment[name] ?? '').toLowerCase();
}

import type { DeployedStack, StackRun, StackState } from '../stacks/stack-tools.js';

export interface BootstrapOptions extends StackRun {
  /** The template as JSON text. */
  readonly template: string;
  /** Of those that are not here, one that the stack has keeps its value. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What an account and region needs once, before anything is deployed there: stack `agentctl-bootstrap`. */
export interface BootstrapTools {
  /** Version by its output `Version`; undefined: it was not bootstrapped. */
  version(signal: AbortSignal): Promise<number | undefined>;
  /** The stack as it is; undefined: it was not bootstrapped. */
  current(signal: AbortSignal): Promise<StackState | undefined>;
  /** ARN of the account's identity provider for GitHub, of which there can be one. */
  githubProvider(signal: AbortSignal): Promise<string | undefined>;
  /** Creates or updates the stack; `changed` false: it is as the template says. */
  deploy(options: BootstrapOptions): Promise<DeployedStack>;
}

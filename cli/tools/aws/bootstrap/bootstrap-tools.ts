import type { DeployedStack, StackRun } from '../stacks/stack-tools.js';

export interface BootstrapOptions extends StackRun {
  /** The template as JSON text. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What an account and region needs once, before anything is deployed there: stack `agentctl-bootstrap`. */
export interface BootstrapTools {
  /** Version by its output `Version`; undefined: it was not bootstrapped. */
  version(signal: AbortSignal): Promise<number | undefined>;
  /** Creates or updates the stack; `changed` false: it is as the template says. */
  deploy(options: BootstrapOptions): Promise<DeployedStack>;
}

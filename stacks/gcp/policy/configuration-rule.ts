import type { Configuration } from './configuration.js';

/** What a rule has to say about a resource. */
export interface RuleFinding {
  /** `type.name`. */
  readonly address: string;
  readonly message: string;
}

/** Something that holds for every configuration of ours. */
export interface ConfigurationRule {
  readonly id: string;
  /** Why, in one sentence. */
  readonly reason: string;
  readonly check: (configuration: Configuration) => readonly RuleFinding[];
}

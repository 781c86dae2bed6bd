import type { Template } from './template.js';

/** What a rule has to say about a resource. */
export interface RuleFinding {
  readonly logicalId: string;
  readonly message: string;
}

/** Something that holds for every template of ours. */
export interface TemplateRule {
  readonly id: string;
  /** Why, in one sentence. */
  readonly reason: string;
  readonly check: (template: Template) => readonly RuleFinding[];
}

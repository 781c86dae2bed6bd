import type { PlainMap } from '../plain-map.js';
import type { SpecProblem } from '../problem.js';
import type { AgentSpec } from '../schema/agent.js';
import type { TargetKind } from '../target-kind.js';

/** What a rule may look at beside the spec. */
export interface RuleContext {
  readonly stage: string;
  /** The targets the spec is checked for. */
  readonly targets: readonly TargetKind[];
  /** The target that was asked for, when one was. */
  readonly target: TargetKind | undefined;
  /** What the user wrote, after the stage was merged: the place of a value, before it took its final shape. */
  readonly input: PlainMap;
  /** The stages the file declares. */
  readonly stageNames: readonly string[];
  /** Whether parts of a section could not be read, so that what seems absent may only be misspelt. */
  readonly isUnsure: (section: string) => boolean;
}

/** A check across fields. Every rule runs and reports all it finds. */
export type Rule = (spec: AgentSpec, context: RuleContext) => readonly SpecProblem[];

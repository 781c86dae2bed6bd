import { columnOf, unsupportedProblems } from './capabilities/index.js';
import { mergeStage } from './merge-stage.js';
import { isPlainMap, type PlainMap } from './plain-map.js';
import type { SpecPath, SpecProblem } from './problem.js';
import { repair } from './repair.js';
import { rules } from './rules/index.js';
import type { RuleContext } from './rules/rule.js';
import { agentSchema, type AgentSpec } from './schema/agent.js';
import { schemaProblems } from './schema-problems.js';
import { withoutSecrets } from './without-secrets.js';
import { targetKinds, type TargetKind } from './target-kind.js';

/** What a spec is checked for. */
export interface ParseContext {
  /** The stage whose overlay is merged over the base. */
  readonly stage: string;
  /** The target to check for. @default every target under `clouds` */
  readonly target?: TargetKind | undefined;
}

/** A spec that can be deployed, or all that is wrong with it. */
export type ParsedSpec =
  | { readonly kind: 'valid'; readonly spec: AgentSpec }
  | { readonly kind: 'invalid'; readonly problems: readonly SpecProblem[] };

/** Merges the stage’s overlay, checks every field, then every rule; reports all problems at once. */
export function parseSpec(input: unknown, context: ParseContext): ParsedSpec {
  if (!isPlainMap(input)) return { kind: 'invalid', problems: [notAMap(input)] };

  // merge
  const { merged, problems: overlayProblems } = mergeStage(input, context.stage);

  // parse
  const parsed = agentSchema.safeParse(merged);
  const fieldProblems = parsed.success ? [] : schemaProblems(parsed.error.issues, merged);
  const readable = parsed.success ? { spec: parsed.data, repaired: [] } : repair(merged);

  // rules
  const ruleProblems = readable === undefined ? [] : ruleProblemsOf(input, merged, readable, context);

  const problems = [...overlayProblems, ...fieldProblems, ...ruleProblems].map(withoutSecrets);
  if (parsed.success && problems.length === 0) return { kind: 'valid', spec: parsed.data };
  return { kind: 'invalid', problems };
}

function ruleProblemsOf(
  input: PlainMap,
  merged: PlainMap,
  readable: { readonly spec: AgentSpec; readonly repaired: readonly SpecPath[] },
  context: ParseContext,
): readonly SpecProblem[] {
  const { spec, repaired } = readable;
  const stages = input['stages'];
  const targets = targetsOf(merged, context.target);
  const ruleContext: RuleContext = {
    stage: context.stage,
    targets,
    target: context.target,
    input: merged,
    stageNames: isPlainMap(stages) ? Object.keys(stages) : [],
    isUnsure: (section) => repaired.some((path) => path.length <= 2 && (path[0] === section || isMisspelt(path))),
  };
  const found = [
    ...rules.flatMap((rule) => rule(spec, ruleContext)),
    ...targets.flatMap((target) => unsupportedProblems(spec, columnOf(spec, target))),
  ];
  return found
    .map((problem) => ({ ...problem, path: asWritten(problem.path, merged) }))
    .filter((problem) => !repaired.some((path) => isWithin(problem.path, path)));
}

function isMisspelt(path: SpecPath): boolean {
  return path.length === 1 && !Object.hasOwn(agentSchema.shape, String(path[0]));
}

function targetsOf(merged: PlainMap, target: TargetKind | undefined): readonly TargetKind[] {
  if (target !== undefined) return [target];
  const clouds = merged['clouds'];
  return isPlainMap(clouds) ? targetKinds.filter((kind) => Object.hasOwn(clouds, kind)) : [];
}

/** A single migration is a list of one in the spec, and a map in the file. */
function asWritten(path: SpecPath, merged: PlainMap): SpecPath {
  const [section, index, ...rest] = path;
  return section === 'migrations' && index === 0 && isPlainMap(merged['migrations']) ? [section, ...rest] : path;
}

function isWithin(path: SpecPath, ancestor: SpecPath): boolean {
  return ancestor.every((part, index) => path[index] === part);
}

function notAMap(input: unknown): SpecProblem {
  const kind = Array.isArray(input) ? 'a list' : 'a single value';
  return {
    code: 'wrong-type',
    path: [],
    at: 'value',
    message: 'the file must be a map that begins with "name:"',
    found: input === null || input === undefined ? 'nothing' : kind,
    fix: 'write "name: my-agent" and "services:" at the left margin',
  };
}

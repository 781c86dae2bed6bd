import {
  acceptsFractionAt,
  type AgentSpec,
  capabilityNotes,
  columnOf,
  columnTitles,
  formatPath,
  parseSpec,
  type TargetKind,
} from '../../stacks/spec/index.js';
import { isFollowOn } from './follow-on.js';
import { specHashOf } from './hash.js';
import { isWritten, locate } from './locate.js';
import { type ConfigLocation, openConfig, type OpenConfig } from './open-config.js';
import { placeFinding, type PlacedProblem, placeSpecProblem, withSourceLines } from './place-problem.js';
import type { ConfigProblem } from './problem.js';
import { stageProblem } from './stages-in.js';

/** Which spec to load. */
export interface LoadOptions extends ConfigLocation {
  readonly stage: string;
  /** The target to check for. @default every target under `clouds` */
  readonly target?: TargetKind | undefined;
}

/** A spec that can be deployed. */
export interface LoadedSpec {
  readonly kind: 'loaded';
  readonly spec: AgentSpec;
  /** Absolute directory that paths in the spec are relative to. */
  readonly directory: string;
  /** As it was named; `-` for standard input. */
  readonly file: string;
  readonly stage: string;
  /** SHA-256 over the spec with all defaults; equal for specs that mean the same. */
  readonly specHash: string;
  /** What the chosen target honours in a way of its own. */
  readonly warnings: readonly ConfigProblem[];
}

/** All that is wrong with a config file. */
export interface InvalidSpec {
  readonly kind: 'invalid';
  readonly file: string;
  readonly problems: readonly ConfigProblem[];
}

/** Finds, reads and checks the config file for one stage. Never throws for a bad file. */
export async function loadSpec(options: LoadOptions): Promise<LoadedSpec | InvalidSpec> {
  const opened = await openConfig(options);
  return opened.kind === 'invalid' ? opened : checkConfig(opened.config, options.stage, options.target);
}

/** Checks an open config file for one stage. */
export function checkConfig(config: OpenConfig, stage: string, target?: TargetKind): LoadedSpec | InvalidSpec {
  const { file, directory, yaml } = config;
  const findings = yaml.findings.filter(
    ({ code, path }) => code !== 'lossy-number' || !acceptsFractionAt(withoutStage(path)),
  );
  const parsed = yaml.value === undefined ? undefined : parseSpec(yaml.value, { stage, target });
  const specProblems = parsed?.kind === 'invalid' ? parsed.problems : [];
  const placed = [
    ...findings.map((finding) => placeFinding(file, finding)),
    ...specProblems.map((problem) => placeSpecProblem(yaml, file, problem, stage)),
  ];
  const all = placed.map(({ problem }) => problem);
  const own = placed.filter(({ problem }) => !isFollowOn(problem, all));
  const undeclared = yaml.value === undefined ? undefined : stageProblem(config, stage);
  const problems = [...(undeclared === undefined ? [] : [undeclared]), ...withSourceLines(yaml, inOrder(own))];
  if (parsed?.kind !== 'valid' || problems.length > 0) return { kind: 'invalid', file, problems };

  const { spec } = parsed;
  const warnings = target === undefined ? [] : warningsFor(config, spec, stage, target);
  return { kind: 'loaded', spec, directory, file, stage, specHash: specHashOf(spec), warnings };
}

function withoutStage(path: readonly (string | number)[]): readonly (string | number)[] {
  return path[0] === 'stages' ? path.slice(2) : path;
}

/** Sorted by place; one problem per code and place, and nothing more about a value that YAML already misread. */
function inOrder(placed: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const misread = new Set(placed.filter(({ problem }) => isAboutYaml(problem)).map(({ place }) => place.start));
  const seen = new Set<string>();
  return placed
    .filter(({ problem, place }) => isAboutYaml(problem) || !misread.has(place.start))
    .filter(({ problem, place }) => {
      const key = `${problem.code} ${place.start} ${problem.message}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .toSorted((left, right) => left.place.start - right.place.start);
}

const aboutYaml: ReadonlySet<string> = new Set([
  'leading-zero',
  'lossy-number',
  'unsafe-number',
  'not-finite',
  'unknown-tag',
  'merge-key',
  'forbidden-key',
]);

function isAboutYaml({ code }: { readonly code: string }): boolean {
  return aboutYaml.has(code);
}

function warningsFor(config: OpenConfig, spec: AgentSpec, stage: string, target: TargetKind): readonly ConfigProblem[] {
  const column = columnOf(spec, target);
  const notes = capabilityNotes(spec, column).filter(({ path }) => isWritten(config.yaml, path, stage));
  const placed = notes.map(({ path, note }): PlacedProblem => {
    const message = `on ${columnTitles[column]}, ${formatPath(path)} means: ${note}`;
    const problem = { code: 'adapted' as const, file: config.file, path, message, fix: 'nothing to do' };
    return { problem, place: locate(config.yaml, path, 'key', stage), hidesValue: false };
  });
  return withSourceLines(config.yaml, placed);
}

import type { TargetKind } from '../../stacks/spec/index.js';
import { checkConfig, type InvalidSpec, type LoadedSpec } from './load-spec.js';
import { type ConfigLocation, openConfig } from './open-config.js';
import type { ConfigProblem } from './problem.js';
import { stagesIn } from './stages-in.js';

/** Every stage of a config file, or all that is wrong in any of them. */
export type LoadedStages = { readonly kind: 'loaded'; readonly stages: readonly LoadedSpec[] } | InvalidSpec;

/** Checks the config file for every stage it declares, or for `defaultStage` when it declares none. */
export async function loadStages(
  location: ConfigLocation & { readonly target?: TargetKind; readonly defaultStage: string },
): Promise<LoadedStages> {
  const opened = await openConfig(location);
  if (opened.kind === 'invalid') return opened;
  const { config } = opened;
  const declared = stagesIn(config);
  const results = (declared.length === 0 ? [location.defaultStage] : declared).map((stage) =>
    checkConfig(config, stage, location.target),
  );
  const problems = withoutRepeats(results.flatMap((result) => (result.kind === 'invalid' ? result.problems : [])));
  if (problems.length > 0) return { kind: 'invalid', file: config.file, problems };
  return { kind: 'loaded', stages: results.flatMap((result) => (result.kind === 'loaded' ? [result] : [])) };
}

function withoutRepeats(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const byPlace = new Map(problems.map((problem) => [`${problem.code} ${problem.line}:${problem.column}`, problem]));
  return [...byPlace.values()].toSorted(
    (left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0),
  );
}

import type { OpenConfig } from './open-config.js';
import type { ConfigProblem } from './problem.js';
import { suggest } from './suggest.js';

/** Stages that exist without being declared. */
const impliedStages: readonly string[] = ['local', 'production'];

/** The stages a config file declares, in its order. */
export function stagesIn(config: OpenConfig): readonly string[] {
  const { value } = config.yaml;
  if (typeof value !== 'object' || value === null || !('stages' in value)) return [];
  const { stages } = value;
  return typeof stages === 'object' && stages !== null && !Array.isArray(stages) ? Object.keys(stages) : [];
}

/** Why a stage cannot be chosen; undefined when it is declared or one of those that always exist. */
export function stageProblem(config: OpenConfig, stage: string): ConfigProblem | undefined {
  const declared = stagesIn(config);
  if (declared.includes(stage) || impliedStages.includes(stage)) return undefined;
  const allowed = [...new Set([...declared, ...impliedStages])];
  const suggestion = suggest(stage, allowed);
  return {
    code: 'unknown-stage',
    file: config.file,
    path: ['stages', stage],
    message: `the stage "${stage}" is not declared`,
    allowed,
    ...(suggestion === undefined ? {} : { suggestion }),
    fix:
      suggestion === undefined
        ? `declare it under "stages:", or pass --stage ${allowed[0]}`
        : `pass --stage ${suggestion}`,
  };
}

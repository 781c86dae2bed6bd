import { resolve } from 'node:path';
import type { AgentSpec } from '../stacks/spec/index.js';
import { chooseStage } from './chosen-stage.js';
import type { CommandContext, CommonOptions } from './command-context.js';
import { specHashOf } from './config/hash.js';
import { loadSpec } from './config/load-spec.js';
import type { ConfigProblem } from './config/problem.js';
import { overrideImages, parseImageOverrides } from './image-overrides.js';
import { maskFromEnvironment } from './mask-from-environment.js';
import { specInvalid } from './spec-invalid.js';
import type { Stage } from './stage.js';
import type { DeployTarget } from './targets/target.js';

/** A stage whose config file was read and checked for its target. */
export interface Project extends Stage {
  readonly spec: AgentSpec;
  readonly specHash: string;
  readonly target: DeployTarget;
  /** Settings that the target honours in a way of its own. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads the config file for the chosen stage and target. `planFile`: absolute path of a plan that is read or written.
 *
 * @throws SpecInvalid with every problem, SpecNotFound, UsageInvalid or TargetUnavailable
 */
export async function openProject(
  options: CommonOptions,
  context: CommandContext,
  planFile?: string,
): Promise<Project> {
  const chosen = chooseStage(options, context.workingDirectory);
  const overrides = parseImageOverrides(options.image ?? []);
  const loaded = await loadSpec({
    directory: resolve(context.workingDirectory, options.directory ?? '.'),
    ...(options.file === undefined ? {} : { file: options.file }),
    stage: chosen.stage,
    target: chosen.kind,
    stdin: context.readStdin,
  });
  if (loaded.kind === 'invalid') throw specInvalid(loaded.problems, loaded.file);

  const { warnings } = loaded;
  const spec = overrideImages(loaded.spec, overrides, chosen.kind);
  const specHash = overrides.length === 0 ? loaded.specHash : specHashOf(spec);
  maskFromEnvironment(spec.secrets, context);
  const { localDeployTarget } = await import('./targets/local/local-deploy-target.js');
  const target = localDeployTarget({
    ...chosen,
    name: spec.name,
    environment: context.environment,
    mask: context.io.mask,
    spec,
    specHash,
    leftOut: [resolve(chosen.directory, loaded.file), ...(planFile === undefined ? [] : [planFile])],
  });
  return { ...chosen, name: spec.name, target, spec, specHash, warnings };
}

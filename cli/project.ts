import { resolve } from 'node:path';
import type { AgentSpec } from '../stacks/spec/index.js';
import { type ChosenStage, chooseStage } from './chosen-stage.js';
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
export interface CheckedFile extends ChosenStage {
  readonly name: string;
  readonly spec: AgentSpec;
  readonly specHash: string;
  /** Settings that the target honours in a way of its own. */
  readonly warnings: readonly ConfigProblem[];
  /** Absolute path of the config file. */
  readonly configFile: string;
}

/** The same with the target that it is deployed to. */
export interface Project extends CheckedFile, Stage {
  readonly target: DeployTarget;
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
  const file = await readProject(options, context, chooseStage(options, context.workingDirectory));
  const { spec, specHash, configFile } = file;
  const leftOut = [configFile, ...(planFile === undefined ? [] : [planFile])];
  const target = await deployTargetOf({ chosen: file, spec, specHash, leftOut }, context);
  return { ...file, target };
}

/**
 * Reads the config file for a stage and target, whether this version deploys there or not.
 *
 * @throws SpecInvalid with every problem, SpecNotFound or UsageInvalid
 */
export async function readProject(
  options: CommonOptions,
  context: CommandContext,
  chosen: ChosenStage,
): Promise<CheckedFile> {
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
  const configFile = resolve(chosen.directory, loaded.file);
  return { ...chosen, name: spec.name, spec, specHash, warnings, configFile };
}

interface DeployTargetOptions {
  readonly chosen: ChosenStage;
  readonly spec: AgentSpec;
  readonly specHash: string;
  /** Files in a build context that are not part of what is built. Absolute. */
  readonly leftOut: readonly string[];
}

async function deployTargetOf(
  { chosen, spec, specHash, leftOut }: DeployTargetOptions,
  context: CommandContext,
): Promise<DeployTarget> {
  const { environment, io, atEnd } = context;
  const options = { ...chosen, name: spec.name, environment, mask: io.mask, spec, specHash };
  if (chosen.kind === 'gcp') {
    const { gcpDeployTarget } = await import('./targets/gcp/gcp-deploy-target.js');
    const { gcp } = spec.clouds;
    if (gcp === undefined) throw new Error('the spec has no clouds.gcp');
    const target = gcpDeployTarget({ ...options, project: gcp.project, region: gcp.region });
    atEnd(target.close);
    return target;
  }
  if (chosen.kind !== 'aws') {
    const { localDeployTarget } = await import('./targets/local/local-deploy-target.js');
    return localDeployTarget({ ...options, leftOut });
  }
  const { awsDeployTarget } = await import('./targets/aws/aws-deploy-target.js');
  const { region, account } = spec.clouds.aws ?? {};
  const target = awsDeployTarget({ ...options, region, accountId: account });
  atEnd(target.close);
  return target;
}

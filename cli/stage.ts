import { existsSync } from 'node:fs';
import { type ChosenStage, chooseStage } from './chosen-stage.js';
import type { CommandContext, CommonOptions } from './command-context.js';
import { maskFromEnvironment } from './mask-from-environment.js';
import { openProject } from './project.js';
import type { Target } from './targets/target.js';

/** What was deployed of an agent to one stage of one target. */
export interface Stage extends ChosenStage {
  /** Name of the agent. */
  readonly name: string;
  readonly target: Target;
}

/**
 * Opens a stage by what was recorded when it was deployed, so that looking at it and going back works with a config
 * file that is broken or gone. A stage without any release is opened through its config file.
 *
 * @throws SpecInvalid, SpecNotFound, UsageInvalid or TargetUnavailable
 */
export async function openStage(options: CommonOptions, context: CommandContext): Promise<Stage> {
  const chosen = chooseStage(options, context.workingDirectory);
  if (chosen.kind === 'aws') return await openAwsStage(chosen, options, context);
  if (chosen.kind === 'gcp') return await openGcpStage(chosen, options, context);
  const { localTarget } = await import('./targets/local/local-target.js');
  const targetOf = (name: string): Target =>
    localTarget({ ...chosen, name, environment: context.environment, mask: context.io.mask });
  const newest = existsSync(chosen.stateDirectory) ? (await targetOf('').ledger.list()).at(-1) : undefined;
  maskFromEnvironment(Object.keys(newest?.secrets ?? {}), context);
  const name = newest?.name ?? (await openProject(options, context)).name;
  return { ...chosen, name, target: targetOf(name) };
}

/** A note beside the journals says where the stage is; without one, in CI for example, the config file does. */
async function openAwsStage(chosen: ChosenStage, options: CommonOptions, context: CommandContext): Promise<Stage> {
  const [{ awsTarget }, { readStageFile }] = await Promise.all([
    import('./targets/aws/aws-target.js'),
    import('./targets/aws/stage-file.js'),
  ]);
  const noted = await readStageFile(chosen.stateDirectory);
  if (noted === undefined) return await openProject(options, context);
  const { name, region, account } = noted;
  const { environment, io, atEnd } = context;
  const accountId = account ?? undefined;
  const target = awsTarget({ ...chosen, name, environment, mask: io.mask, region, accountId });
  atEnd(target.close);
  return { ...chosen, name, target };
}

/** The same on Google Cloud. */
async function openGcpStage(chosen: ChosenStage, options: CommonOptions, context: CommandContext): Promise<Stage> {
  const [{ gcpTarget }, { readStageFile }] = await Promise.all([
    import('./targets/gcp/gcp-target.js'),
    import('./targets/gcp/stage-file.js'),
  ]);
  const noted = await readStageFile(chosen.stateDirectory);
  if (noted === undefined) return await openProject(options, context);
  const { environment, io, atEnd } = context;
  const target = gcpTarget({ ...chosen, ...noted, environment, mask: io.mask });
  atEnd(target.close);
  return { ...chosen, name: noted.name, target };
}

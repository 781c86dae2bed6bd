import { resolve } from 'node:path';
import { chosenTarget, defaultStage } from '../chosen-target.js';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { type LoadedSpec, loadSpec } from '../config/load-spec.js';
import { type LoadedStages, loadStages } from '../config/load-stages.js';
import type { CommandResult } from '../io/io.js';
import { specInvalid } from '../spec-invalid.js';

/**
 * Checks the config file: every stage it declares and every target it names, or the ones that are chosen. Changes nothing
 * and calls nobody.
 *
 * @throws SpecInvalid with every problem
 */
export async function validate(options: CommonOptions, context: CommandContext): Promise<CommandResult> {
  const loaded = await load(options, context);
  if (loaded.kind === 'invalid') throw specInvalid(loaded.problems, loaded.file);
  const { stages } = loaded;
  // Stages share most of the file, and so its warnings.
  const all = stages.flatMap((stage) => stage.warnings);
  const warnings = [...new Map(all.map((warning) => [JSON.stringify(warning), warning])).values()];
  for (const { file, line, column, message } of warnings) {
    context.io.note(`${context.io.style.dim(`${file}:${line}:${column}`)} ${message}`);
  }
  if (options.cloud === 'local') for (const warning of await machineLacks(stages, context)) context.io.warn(warning);
  const [first] = stages;
  const names = stages.map(({ stage }) => stage);
  const targets = options.cloud ?? Object.keys(first?.spec.clouds ?? {}).join(', ');
  const text = `${first?.file ?? ''} is valid (${names.length === 1 ? 'stage' : 'stages'} ${names.join(', ')}; ${targets === '' ? 'no target' : targets})`;
  return {
    exitCode: 0,
    text,
    data: { valid: true, stages: stages.map(({ stage, specHash }) => ({ stage, specHash })), warnings },
  };
}

async function machineLacks(
  stages: readonly LoadedSpec[],
  { environment }: CommandContext,
): Promise<ReadonlySet<string>> {
  const { machineWarnings } = await import('../targets/local/machine-warnings.js');
  return new Set(stages.flatMap(({ spec, stage }) => machineWarnings(spec, stage, environment['PATH'])));
}

async function load(options: CommonOptions, context: CommandContext): Promise<LoadedStages> {
  const target = options.cloud === undefined ? undefined : chosenTarget(options.cloud);
  const location = {
    directory: resolve(context.workingDirectory, options.directory ?? '.'),
    file: options.file,
    stdin: context.readStdin,
    ...(target === undefined ? {} : { target }),
  };
  if (options.stage === undefined) return await loadStages({ ...location, defaultStage: defaultStage(target) });
  const loaded = await loadSpec({ ...location, stage: options.stage });
  return loaded.kind === 'invalid' ? loaded : { kind: 'loaded', stages: [loaded] };
}

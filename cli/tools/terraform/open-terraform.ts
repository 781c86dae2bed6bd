import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isAgentctlError } from '../../errors.js';
import { awaitEarlierApply } from './apply-process.js';
import { deployPlace, pushErroredState, withPlan } from './deploy-stack.js';
import { type FoundTerraform, findTerraform } from './find-terraform.js';
import { planChanges } from './plan-changes.js';
import { runTerraform, type TerraformPlace } from './run-terraform.js';
import { initArguments, outputArguments, stateListArguments, unlockArguments } from './terraform-commands.js';
import { pluginCacheDirectory, terraformEnvironment } from './terraform-environment.js';
import { taintedResources } from './tainted-resources.js';
import type {
  DeployTerraformOptions,
  PlanChanges,
  TerraformOutputs,
  TerraformRun,
  TerraformStack,
  TerraformTools,
  TerraformToolsOptions,
} from './terraform-tools.js';
import { lockFile, prepareWorkDirectory, withoutProtection } from './work-directory.js';

const noChanges = { format_version: '1.2', resource_changes: [], output_changes: {} };

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));

/** What reads has a directory of its own, so that `diff` never changes what a deploy is about to apply. */
const readingDirectory = 'read';

/** Opens Terraform. Starts nothing before the first call. */
export function openTerraform(options: TerraformToolsOptions): TerraformTools {
  const { environment, directory } = options;
  const statefulTypes = new Set(options.statefulTypes);
  const mendedTypes = new Set([...statefulTypes, ...(options.mendedTypes ?? [])]);
  let found: Promise<FoundTerraform> | undefined;
  const program = async (signal: AbortSignal): Promise<FoundTerraform> => {
    found ??= findTerraform(options, signal);
    return await found.catch((error: unknown) => {
      found = undefined;
      throw error;
    });
  };
  const open = async (stack: TerraformStack, path: string, run: TerraformRun): Promise<TerraformPlace> => {
    const { command, product } = await program(run.signal);
    const env = terraformEnvironment(environment, stack.variables);
    await mkdir(pluginCacheDirectory(environment), { recursive: true });
    const { hasLockFile } = await prepareWorkDirectory(
      path,
      stack,
      product === 'terraform' ? options.lockFile : undefined,
    );
    const place = { name: stack.name, command, path, env };
    await init(place, hasLockFile, run.signal);
    return place;
  };
  const openToRead = async (stack: TerraformStack, run: TerraformRun): Promise<TerraformPlace> =>
    await open(stack, join(directory, readingDirectory, stack.name), run);
  const deploy = async (given: DeployTerraformOptions, destroy: boolean) => {
    const { stack } = given;
    const path = join(directory, stack.name);
    // First of all: it works on the files that are made ready here.
    const earlier = await awaitEarlierApply({ path, name: stack.name }, given);
    const place = await open(stack, path, given);
    await pushErroredState(place, earlier, given);
    return { place, changed: await deployPlace(place, earlier, { ...given, destroy, statefulTypes, mendedTypes }) };
  };
  return {
    async program(signal) {
      const { product, version } = await program(signal);
      return { product, version };
    },
    async changes(stack, run) {
      const place = await openToRead(stack, run);
      const look = async (): Promise<PlanChanges> =>
        await withPlan(place, { signal: run.signal, destroy: false }, async (_plan, content) =>
          planChanges(content ?? noChanges, statefulTypes, mendedTypes),
        );
      return await look().catch(async (error: unknown) => {
        if (!isAgentctlError(error) || error.code !== 'Refused') throw error;
        // Terraform makes no plan in which it would replace something protected whose creation failed; a deploy does not replace it.
        const tainted = await taintedResources(place, mendedTypes, run.signal);
        if (!(await withoutProtection(place.path, tainted))) throw error;
        return await look();
      });
    },
    async deploy(given) {
      const { place, changed } = await deploy(given, false);
      return { changed, outputs: await readOutputs(place, given.signal) };
    },
    async destroy(given) {
      const { changed } = await deploy(given, true);
      return { changed };
    },
    async outputs(stack, run) {
      return await readOutputs(await openToRead(stack, run), run.signal);
    },
    async resources(stack, run) {
      const place = await openToRead(stack, run);
      try {
        const { stdout } = await runTerraform(place, stateListArguments, { signal: run.signal, phase: 'other' });
        return stdout.split('\n').filter((line) => line !== '');
      } catch (error) {
        if (isAgentctlError(error) && error.message.includes('No state file was found')) return [];
        throw error;
      }
    },
    async unlock(stack, lockId, run) {
      const place = await openToRead(stack, run);
      await runTerraform(place, unlockArguments(lockId), { signal: run.signal, phase: 'other' });
    },
  };
}

async function init(place: TerraformPlace, hasLockFile: boolean, signal: AbortSignal): Promise<void> {
  try {
    await runTerraform(place, initArguments({ hasLockFile }), { signal, phase: 'init' });
  } catch (error) {
    // A lock file that an earlier `init` chose here is for another version of the provider.
    if (hasLockFile || !isAgentctlError(error) || !/dependency lock|locked provider/i.test(error.message)) throw error;
    await rm(join(place.path, lockFile), { force: true });
    await runTerraform(place, initArguments({ hasLockFile }), { signal, phase: 'init' });
  }
}

async function readOutputs(place: TerraformPlace, signal: AbortSignal): Promise<TerraformOutputs> {
  const { stdout } = await runTerraform(place, outputArguments, { signal, phase: 'other' });
  const outputs = outputsSchema.parse(JSON.parse(stdout));
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

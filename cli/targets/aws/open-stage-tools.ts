import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateKeys } from '../../../stacks/aws/naming.js';
import { statefulTypes } from '../../../stacks/aws/policy/index.js';
import { isAgentctlError } from '../../errors.js';
import { objectLedger } from '../../ledger/object-ledger.js';
import type { AwsStepTools } from '../../steps/aws/aws-step-tools.js';
import { openAwsTools } from '../../tools/aws/open-aws-tools.js';
import { findEngine } from '../../tools/engine/index.js';
import { imageStore, type ImageStore } from '../../tools/images/index.js';
import { passedEnvironment } from '../../tools/process/index.js';
import { type Synthesizer, synthesizer } from '../../tools/synth/index.js';
import { httpProbe } from '../local/http-probe.js';
import type { AwsTargetOptions } from './aws-target-options.js';

/** What the target itself uses besides what its steps do. */
export interface StageTools extends AwsStepTools {
  readonly images: ImageStore;
  readonly synth: Synthesizer;
  /** The part of the environment that programs may see. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens the tools of a stage. Nothing is asked of AWS, and none of its libraries is loaded, before a step needs it. */
export function openStageTools(options: AwsTargetOptions): StageTools {
  const { name, stage, directory, stateDirectory, environment, region, accountId, mask } = options;
  const aws = openAwsTools({ environment, region, accountId, mask, statefulTypes: Object.keys(statefulTypes) });
  const store = async (signal: AbortSignal): Promise<ImageStore> =>
    imageStore({
      engine: async (given) => await findEngine({ environment, signal: given }).catch(undefinedIfMissing),
      environment,
      workDirectory: join(stateDirectory, 'images'),
      login: await aws.registry.login(signal),
      mask,
    });
  return {
    aws,
    synth: synthesizer({ environment, workDirectory: join(stateDirectory, 'synth') }),
    ledger: objectLedger({ store: aws.state.objects, key: stateKeys.releases({ name, stage }) }),
    images: {
      // Neither a registry nor a login is needed to read files.
      contentHash: async (context, recipe) =>
        await imageStore({
          engine: async () => await Promise.resolve(undefined),
          environment,
          workDirectory: join(stateDirectory, 'images'),
          mask,
        }).contentHash(context, recipe),
      find: async (request, run) => await (await store(run.signal)).find(request, run),
      build: async (request, run) => await (await store(run.signal)).build(request, run),
      resolve: async (request, run) => await (await store(run.signal)).resolve(request, run),
    },
    projectDirectory: directory,
    environment: passedEnvironment(environment),
    random: (bytes) => randomBytes(bytes),
    probe: httpProbe,
    sleep: async (seconds, signal) => await delay(seconds * 1000, undefined, { signal }),
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (isAgentctlError(error) && error.code === 'ToolMissing') return undefined;
  throw error;
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateKeys } from '../../../stacks/aws/naming.js';
import { statefulTypes } from '../../../stacks/aws/policy/index.js';
import { objectLedger } from '../../ledger/object-ledger.js';
import type { AwsStepTools } from '../../steps/aws/aws-step-tools.js';
import { openAwsTools } from '../../tools/aws/open-aws-tools.js';
import type { ImageStore } from '../../tools/images/index.js';
import { passedEnvironment } from '../../tools/process/index.js';
import { type Synthesizer, synthesizer } from '../../tools/synth/index.js';
import { httpProbe } from '../local/http-probe.js';
import { registryImages } from '../registry-images.js';
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
  return {
    aws,
    synth: synthesizer({ environment, workDirectory: join(stateDirectory, 'synth') }),
    ledger: objectLedger({ store: aws.state.objects, key: stateKeys.releases({ name, stage }) }),
    images: registryImages({
      environment,
      workDirectory: join(stateDirectory, 'images'),
      login: async (signal) => await aws.registry.login(signal),
      mask,
    }),
    projectDirectory: directory,
    environment: passedEnvironment(environment),
    random: (bytes) => randomBytes(bytes),
    probe: httpProbe,
    sleep: async (seconds, signal) => await delay(seconds * 1000, undefined, { signal }),
  };
}

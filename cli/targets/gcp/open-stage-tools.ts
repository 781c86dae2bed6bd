import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateBucketName, stateKeys } from '../../../stacks/gcp/naming.js';
import { mendedTypes, statefulTypes } from '../../../stacks/gcp/policy/index.js';
import { objectLedger } from '../../ledger/object-ledger.js';
import type { GcpStepTools } from '../../steps/gcp/gcp-step-tools.js';
import { openCertificates } from '../../tools/certificates/index.js';
import { openGcpTools } from '../../tools/gcp/open-gcp-tools.js';
import type { ImageStore } from '../../tools/images/index.js';
import { passedEnvironment } from '../../tools/process/index.js';
import { type Synthesizer, synthesizer } from '../../tools/synth/index.js';
import { openTerraform } from '../../tools/terraform/index.js';
import { httpProbe } from '../local/http-probe.js';
import { registryImages } from '../registry-images.js';
import type { GcpTargetOptions } from './gcp-target-options.js';
import { providerLockFile } from './provider-lock.js';

/** What the target itself uses besides what its steps do. */
export interface StageTools extends GcpStepTools {
  readonly images: ImageStore;
  readonly synth: Synthesizer;
  /** The part of the environment that programs may see. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Opens the tools of a stage. Nothing is asked of Google Cloud before a step needs it. */
export function openStageTools(options: GcpTargetOptions): StageTools {
  const { name, stage, directory, stateDirectory, environment, project, region, mask } = options;
  const gcp = openGcpTools({ environment, project, region, stateBucket: stateBucketName(project), mask });
  return {
    gcp,
    terraform: openTerraform({
      environment,
      directory: join(stateDirectory, 'terraform'),
      statefulTypes: Object.keys(statefulTypes),
      lockFile: providerLockFile(),
      mendedTypes,
    }),
    synth: synthesizer({ environment, workDirectory: join(stateDirectory, 'synth'), cloud: 'gcp' }),
    ledger: objectLedger({ store: gcp.state.objects, key: stateKeys.releases({ name, stage }) }),
    images: registryImages({
      environment,
      workDirectory: join(stateDirectory, 'images'),
      login: async (signal) => await gcp.registry.login(signal),
      mask,
    }),
    certificates: openCertificates(),
    projectDirectory: directory,
    environment: passedEnvironment(environment),
    random: (bytes) => randomBytes(bytes),
    probe: httpProbe,
    sleep: async (seconds, signal) => await delay(seconds * 1000, undefined, { signal }),
  };
}

import * as z from 'zod';
import { repositoryName } from '../../../stacks/aws/naming.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stageScope } from './stage-request.js';

/** Deletes every image of a stage: a repository that holds any cannot be deleted. */
export const emptyRepository = defineStep<AwsStepTools>()({
  kind: 'empty-repository',
  inputs: z.strictObject({ scope: stageScope }),
  outputs: z.strictObject({ images: z.int() }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'delete the images',
  async run({ scope }, { tools, signal, log }) {
    const repository = repositoryName(scope);
    const { registry } = tools.aws;
    if ((await registry.repository(repository, signal)) === undefined) return { images: 0 };
    const digests = (await registry.images(repository, signal)).map(({ digest }) => digest);
    if (digests.length > 0) await registry.removeImages(repository, digests, signal);
    log(`${digests.length} images`);
    return { images: digests.length };
  },
});

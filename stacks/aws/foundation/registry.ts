import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { ImageRepository } from '../../../constructs/aws/index.js';
import { repositoryName } from '../naming.js';
import type { StageContext } from '../stage-context.js';

/** Where images of the stage are pushed. There even when nothing is built now: releases before this one may need it. */
export function foundationRegistry(stack: Stack, { scope }: StageContext, encryptionKey: kms.IKey): ImageRepository {
  return new ImageRepository(stack, 'Registry', { repositoryName: repositoryName(scope), encryptionKey });
}

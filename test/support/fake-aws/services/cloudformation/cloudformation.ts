import * as client from '@aws-sdk/client-cloudformation';
import type { FakeService } from '../../fake-service.js';
import { changeSetOperations } from './change-set-operations.js';
import { stackReadOperations } from './stack-read-operations.js';
import { stackWriteOperations } from './stack-write-operations.js';

/** Stacks and change sets. What it models and what not is in docs/fake-aws.md. */
export const cloudFormation: FakeService = {
  name: 'cloudformation',
  protocol: 'query',
  client,
  operations: (world) => ({
    ...changeSetOperations(world),
    ...stackReadOperations(world),
    ...stackWriteOperations(world),
  }),
};

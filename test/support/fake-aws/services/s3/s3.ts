import * as client from '@aws-sdk/client-s3';
import type { FakeService } from '../../fake-service.js';
import { bucketOperations } from './bucket-operations.js';
import { listOperations } from './list-operations.js';
import { multipartOperations } from './multipart-operations.js';
import { objectOperations } from './object-operations.js';

/** Buckets and objects with versions and conditional writes. Policies and lifecycles are kept, not applied. */
export const s3: FakeService = {
  name: 's3',
  protocol: 'rest-xml',
  client,
  operations: (world) => ({
    ...bucketOperations(world),
    ...objectOperations(world),
    ...listOperations(world),
    ...multipartOperations(world),
  }),
};

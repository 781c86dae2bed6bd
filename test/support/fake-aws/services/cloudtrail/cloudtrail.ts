import * as client from '@aws-sdk/client-cloudtrail';
import type { FakeService } from '../../fake-service.js';

/** Nothing is recorded: CloudTrail tells of a call minutes after it, too late for what asks here. */
export const cloudtrail: FakeService = {
  name: 'cloudtrail',
  protocol: 'json',
  client,
  operations: () => ({ LookupEvents: () => ({ Events: [] }) }),
};

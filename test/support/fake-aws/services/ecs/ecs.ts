import * as client from '@aws-sdk/client-ecs';
import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { clusterOperations } from './cluster-operations.js';
import { serviceOperations } from './service-operations.js';
import { taskOperations } from './task-operations.js';

/** ECS: tasks are processes, services keep them running. */
export const ecs: FakeService = {
  name: 'ecs',
  protocol: 'json',
  client,
  operations: (world: FakeWorld) => ({
    ...clusterOperations(world),
    ...taskOperations(world),
    ...serviceOperations(world),
  }),
};

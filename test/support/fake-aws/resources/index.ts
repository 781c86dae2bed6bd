import type { ResourceType } from '../resource-type.js';
import { alarmType, compositeAlarmType } from './alarm.js';
import { clusterType } from './ecs-cluster.js';
import { serviceType } from './ecs-service.js';
import { taskDefinitionType } from './ecs-task-definition.js';
import { listenerRuleType, listenerType } from './load-balancer-listener.js';
import { loadBalancerType } from './load-balancer.js';
import { logGroupType } from './log-group.js';
import { repositoryType } from './repository.js';
import { targetGroupType } from './target-group.js';

/** Every resource type with behaviour. What needs none is in `generic-resources.ts`; any other type fails loudly. */
export const resourceTypes: readonly ResourceType[] = [
  alarmType,
  clusterType,
  compositeAlarmType,
  listenerRuleType,
  listenerType,
  loadBalancerType,
  logGroupType,
  repositoryType,
  serviceType,
  targetGroupType,
  taskDefinitionType,
];

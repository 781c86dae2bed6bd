import type { ResourceType } from '../resource-type.js';
import { alarmType, compositeAlarmType } from './alarm.js';
import { dbInstanceType } from './db-instance.js';
import { clusterType } from './ecs-cluster.js';
import { serviceType } from './ecs-service.js';
import { taskDefinitionType } from './ecs-task-definition.js';
import { listenerRuleType, listenerType } from './load-balancer-listener.js';
import { loadBalancerType } from './load-balancer.js';
import { managedPolicyType, oidcProviderType, policyType, roleType } from './iam-resources.js';
import { keyAliasType, keyType } from './kms-key.js';
import { logGroupType } from './log-group.js';
import { repositoryType } from './repository.js';
import { bucketPolicyType, bucketType } from './s3-bucket.js';
import { scalableTargetType } from './scalable-target.js';
import { scheduleType } from './schedule.js';
import { secretTargetAttachmentType, secretType } from './secret.js';
import { parameterType } from './ssm-parameter.js';
import { targetGroupType } from './target-group.js';

/** Every resource type with behaviour. What needs none is in `generic-recipes.ts`; any other type fails loudly. */
export const resourceTypes: readonly ResourceType[] = [
  alarmType,
  bucketPolicyType,
  bucketType,
  clusterType,
  compositeAlarmType,
  dbInstanceType,
  keyAliasType,
  keyType,
  listenerRuleType,
  listenerType,
  loadBalancerType,
  logGroupType,
  managedPolicyType,
  oidcProviderType,
  parameterType,
  policyType,
  repositoryType,
  roleType,
  scalableTargetType,
  scheduleType,
  secretTargetAttachmentType,
  secretType,
  serviceType,
  targetGroupType,
  taskDefinitionType,
];

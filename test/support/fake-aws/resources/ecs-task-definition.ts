import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { ResourceType } from '../resource-type.js';
import { ecsState } from '../services/ecs/ecs-state.js';
import { camelCased } from './camel-cased.js';

/** Every change is another revision: the type is replaced. */
export const taskDefinitionType: ResourceType = {
  type: 'AWS::ECS::TaskDefinition',
  create: async (properties, { world, stackName, logicalId }) => {
    const { Family = `${stackName}${logicalId}`, ...rest } = properties;
    const input = camelCased({ ...rest, Family }) as RegisterTaskDefinitionCommandInput;
    const { taskDefinitionArn = '' } = world.state(ecsState).taskDefinitions.register(input);
    return { physicalId: taskDefinitionArn, attributes: { TaskDefinitionArn: taskDefinitionArn } };
  },
  update: async (resource) => resource,
  delete: async (resource, _properties, { world }) => {
    const { taskDefinitions } = world.state(ecsState);
    if (taskDefinitions.all.has(resource.physicalId)) taskDefinitions.deregister(resource.physicalId);
  },
};

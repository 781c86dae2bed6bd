import type { ResourceType } from '../resource-type.js';
import { logStore } from '../services/logs/log-store.js';

export const logGroupType: ResourceType = {
  type: 'AWS::Logs::LogGroup',
  create: async (properties, context) => {
    const name = String(properties['LogGroupName'] ?? context.newName(512));
    const kmsKeyId = properties['KmsKeyId'] as string | undefined;
    const group = context.world.state(logStore).createGroup(name, { kmsKeyId });
    group.retentionInDays = retentionOf(properties['RetentionInDays']);
    return { physicalId: name, attributes: { Arn: `${group.arn}:*` } };
  },
  update: async (resource, properties, _previous, { world }) => {
    const group = world.state(logStore).group(resource.physicalId);
    group.retentionInDays = retentionOf(properties['RetentionInDays']);
    group.kmsKeyId = properties['KmsKeyId'] as string | undefined;
    return resource;
  },
  delete: async (resource, _properties, { world }) => {
    world.state(logStore).groups.delete(resource.physicalId);
  },
};

function retentionOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

import type { ResourceType } from '../resource-type.js';
import { schedules } from '../services/scheduler/schedules.js';

/** A schedule of EventBridge Scheduler; `runSchedule` runs it. */
export const scheduleType: ResourceType = {
  type: 'AWS::Scheduler::Schedule',
  create: async (properties, context) => {
    const { world } = context;
    const name = String(properties['Name'] ?? context.newName(64));
    world.state(schedules).set(name, properties);
    const group = String(properties['GroupName'] ?? 'default');
    return { physicalId: name, attributes: { Arn: world.arn('scheduler', `schedule/${group}/${name}`) } };
  },
  update: async (resource, properties, _previous, { world }) => {
    world.state(schedules).set(resource.physicalId, properties);
    return resource;
  },
  delete: async (resource, _properties, { world }) => {
    world.state(schedules).delete(resource.physicalId);
  },
};

import type { CreatedResource, Properties, ResourceContext, ResourceType } from '../resource-type.js';
import { alarmStore } from '../services/cloudwatch/alarm-store.js';

/** An alarm that has no data yet. */
export const alarmType: ResourceType = {
  type: 'AWS::CloudWatch::Alarm',
  create: async (properties, context) => create(properties, context, false),
  update: async (resource, properties, _previous, context) => update(resource, properties, context),
  delete: async (resource, _properties, context) => remove(resource, context),
};

export const compositeAlarmType: ResourceType = {
  type: 'AWS::CloudWatch::CompositeAlarm',
  create: async (properties, context) => create(properties, context, true),
  update: async (resource, properties, _previous, context) => update(resource, properties, context),
  delete: async (resource, _properties, context) => remove(resource, context),
};

function create(properties: Properties, context: ResourceContext, isComposite: boolean): CreatedResource {
  const { world } = context;
  const name = String(properties['AlarmName'] ?? context.newName(255));
  const arn = world.arn('cloudwatch', `alarm:${name}`);
  world.state(alarmStore).alarms.set(name, {
    name,
    arn,
    isComposite,
    properties,
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updatedAt: new Date(),
  });
  return { physicalId: name, attributes: { Arn: arn } };
}

function update(resource: CreatedResource, properties: Properties, { world }: ResourceContext): CreatedResource {
  const alarm = world.state(alarmStore).alarms.get(resource.physicalId);
  if (alarm !== undefined) alarm.properties = properties;
  return resource;
}

function remove(resource: CreatedResource, { world }: ResourceContext): void {
  world.state(alarmStore).alarms.delete(resource.physicalId);
}

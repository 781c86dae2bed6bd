import type { Properties, ResourceContext, ResourceType } from '../resource-type.js';
import { ssmState } from '../services/ssm/ssm-state.js';

/** A parameter of the fake Parameter Store. */
export const parameterType: ResourceType = {
  type: 'AWS::SSM::Parameter',
  async create(properties, context) {
    const name = typeof properties['Name'] === 'string' ? properties['Name'] : `CFN-${context.newName()}`;
    if (context.world.state(ssmState).has(name)) throw new Error(`${name} already exists.`);
    return put(name, properties, context);
  },
  async update({ physicalId }, properties, _previous, context) {
    return put(physicalId, properties, context);
  },
  async delete({ physicalId }, _properties, { world }) {
    world.state(ssmState).delete(physicalId);
  },
};

function put(name: string, { Type, Value }: Properties, { world }: ResourceContext) {
  // Parameter Store takes no empty values (API reference of PutParameter).
  if (typeof Value !== 'string' || Value === '') throw new Error(`Parameter ${name}: value must not be empty`);
  if (Type !== 'String' && Type !== 'StringList')
    throw new Error(`Parameter ${name}: type ${String(Type)} cannot be made by CloudFormation`);
  const parameters = world.state(ssmState);
  const version = (parameters.get(name)?.version ?? 0) + 1;
  parameters.set(name, { name, type: Type, value: Value, version, changedAt: new Date() });
  const arn = world.arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
  return { physicalId: name, attributes: { Type, Value, Arn: arn } };
}

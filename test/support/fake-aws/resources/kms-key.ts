import type { Properties, ResourceType } from '../resource-type.js';
import { kmsState, type FakeKey } from '../services/kms/kms-state.js';

/** A key that can be found. Deleting it schedules that, as everywhere. */
export const keyType: ResourceType = {
  type: 'AWS::KMS::Key',
  async create(properties, { world }) {
    const key = world.state(kmsState).addKey('', '');
    configure(key, properties);
    return { physicalId: key.id, attributes: { Arn: key.arn, KeyId: key.id } };
  },
  async update(resource, properties, _previous, { world }) {
    const key = world.state(kmsState).find(resource.physicalId);
    if (key === undefined) throw new Error(`${resource.physicalId} does not exist`);
    configure(key, properties);
    return resource;
  },
  async delete({ physicalId }, { PendingWindowInDays = 30 }, { world }) {
    const key = world.state(kmsState).find(physicalId);
    if (key !== undefined) key.deletionDate = new Date(Date.now() + Number(PendingWindowInDays) * 86_400_000);
  },
};

/** Another name of a key. */
export const keyAliasType: ResourceType = {
  type: 'AWS::KMS::Alias',
  async create({ AliasName, TargetKeyId }, { world }) {
    const state = world.state(kmsState);
    const name = String(AliasName);
    if (state.aliases.has(name)) throw new Error(`An alias with the name ${name} already exists`);
    const key = state.find(String(TargetKeyId));
    if (key === undefined) throw new Error(`Key ${String(TargetKeyId)} does not exist`);
    state.aliases.set(name, key.id);
    return { physicalId: name, attributes: {} };
  },
  async update(resource, { TargetKeyId }, _previous, { world }) {
    const state = world.state(kmsState);
    state.aliases.set(resource.physicalId, state.find(String(TargetKeyId))?.id ?? '');
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    world.state(kmsState).aliases.delete(physicalId);
  },
};

function configure(key: FakeKey, { Description = '', KeyPolicy = {}, EnableKeyRotation = false }: Properties): void {
  key.description = String(Description);
  key.policy = JSON.stringify(KeyPolicy);
  key.isRotated = EnableKeyRotation === true;
}

import type { Properties, ResourceType } from '../resource-type.js';
import { iamState, type FakeRole } from '../services/iam/iam-state.js';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

/** A role that exists in the fake IAM. */
export const roleType: ResourceType = {
  type: 'AWS::IAM::Role',
  async create(properties, { world, newName }) {
    const name = typeof properties['RoleName'] === 'string' ? properties['RoleName'] : newName();
    const state = world.state(iamState);
    if (state.roles.has(name)) throw new Error(`Role with name ${name} already exists.`);
    const role = state.addRole(name, '{}', String(properties['Path'] ?? '/'));
    configure(role, properties);
    return { physicalId: name, attributes: { Arn: role.arn, RoleId: role.id } };
  },
  async update(resource, properties, _previous, { world }) {
    const role = world.state(iamState).roles.get(resource.physicalId);
    if (role === undefined) throw new Error(`The role with name ${resource.physicalId} cannot be found.`);
    configure(role, properties);
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    world.state(iamState).roles.delete(physicalId);
  },
};

/** An inline policy of roles. */
export const policyType: ResourceType = {
  type: 'AWS::IAM::Policy',
  async create(properties, { world, newName }) {
    const roles = (properties['Roles'] ?? []) as string[];
    for (const name of roles) {
      const role = world.state(iamState).roles.get(name);
      if (role === undefined) throw new Error(`The role with name ${name} cannot be found.`);
      role.inlinePolicies.set(String(properties['PolicyName']), JSON.stringify(properties['PolicyDocument']));
    }
    const id = newName(16);
    return { physicalId: id, attributes: { Id: id } };
  },
  async update(resource, properties, previous, context) {
    await policyType.delete(resource, previous, context);
    await policyType.create(properties, context);
    return resource;
  },
  async delete(_resource, { Roles = [], PolicyName }, { world }) {
    for (const name of Roles as string[])
      world.state(iamState).roles.get(name)?.inlinePolicies.delete(String(PolicyName));
  },
};

/** A policy with an ARN. */
export const managedPolicyType: ResourceType = {
  type: 'AWS::IAM::ManagedPolicy',
  async create(properties, { world, newName }) {
    const name = String(properties['ManagedPolicyName'] ?? newName());
    const arn = world.arn('iam', `policy${String(properties['Path'] ?? '/')}${name}`);
    const state = world.state(iamState);
    state.managedPolicies.set(arn, JSON.stringify(properties['PolicyDocument']));
    for (const name of (properties['Roles'] ?? []) as string[]) state.roles.get(name)?.attachedPolicies.add(arn);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  async update(resource, properties, _previous, { world }) {
    world.state(iamState).managedPolicies.set(resource.physicalId, JSON.stringify(properties['PolicyDocument']));
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    world.state(iamState).managedPolicies.delete(physicalId);
  },
};

/** An OpenID Connect provider: one per issuer and account. */
export const oidcProviderType: ResourceType = {
  type: 'AWS::IAM::OIDCProvider',
  async create({ Url }, { world }) {
    const issuer = String(Url).replace('https://', '');
    const arn = world.arn('iam', `oidc-provider/${issuer}`);
    const { oidcProviders } = world.state(iamState);
    if (oidcProviders.has(arn)) throw new Error(`Provider with url ${String(Url)} already exists.`);
    oidcProviders.set(arn, issuer);
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  async update(resource) {
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    world.state(iamState).oidcProviders.delete(physicalId);
  },
};

function configure(role: FakeRole, properties: Properties): void {
  role.trustPolicy = JSON.stringify(properties['AssumeRolePolicyDocument']);
  role.attachedPolicies.clear();
  for (const arn of (properties['ManagedPolicyArns'] ?? []) as string[]) role.attachedPolicies.add(arn);
  for (const { PolicyName, PolicyDocument } of (properties['Policies'] ?? []) as InlinePolicy[]) {
    role.inlinePolicies.set(PolicyName, JSON.stringify(PolicyDocument));
  }
}

import type { FakeWorld } from '../../fake-world.js';

/** A role. Its policies are kept and never evaluated. */
export interface FakeRole {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly path: string;
  readonly createdAt: Date;
  trustPolicy: string;
  readonly inlinePolicies: Map<string, string>;
  readonly attachedPolicies: Set<string>;
}

/** What IAM knows of. */
export interface IamState {
  readonly roles: Map<string, FakeRole>;
  /** By ARN: policy document. */
  readonly managedPolicies: Map<string, string>;
  /** By ARN: issuer's address. */
  readonly oidcProviders: Map<string, string>;
  readonly addRole: (name: string, trustPolicy: string, path?: string) => FakeRole;
}

export function iamState(world: FakeWorld): IamState {
  const roles = new Map<string, FakeRole>();
  return {
    roles,
    managedPolicies: new Map(),
    oidcProviders: new Map(),
    addRole(name, trustPolicy, path = '/') {
      const role: FakeRole = {
        name,
        arn: world.arn('iam', `role${path}${name}`),
        id: `AROA${world.newId(16).toUpperCase()}`,
        path,
        createdAt: new Date(),
        trustPolicy,
        inlinePolicies: new Map(),
        attachedPolicies: new Set(),
      };
      roles.set(name, role);
      return role;
    },
  };
}

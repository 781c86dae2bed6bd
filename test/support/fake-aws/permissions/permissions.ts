import type { FakeWorld } from '../fake-world.js';
import { ServiceError } from '../service-error.js';
import { iamState } from '../services/iam/iam-state.js';
import { permissionsOfCall } from './call-permissions.js';
import { isAllowed, type PermissionRequest, type PolicyDocument } from './evaluate-policies.js';
import { permissionsOfResource, type ResourceWork } from './resource-permissions.js';

/** Whose policies are evaluated: `world.state(permissions)`. Everybody else may do everything. */
export interface Permissions {
  /** From now on this role may do what its policies allow, and CloudFormation in its name. */
  readonly evaluate: (roleArn: string) => void;
  /** @throws ServiceError AccessDenied */
  readonly assertCall: (
    principal: string | undefined,
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ) => void;
  /** @throws Error as CloudFormation shows it for a resource */
  readonly assertResource: (stack: string, work: ResourceWork) => void;
}

export function permissions(world: FakeWorld): Permissions {
  const evaluated = new Set<string>();
  /** Who changed a stack last, by its name. */
  const callers = new Map<string, string>();
  const refusal = (principal: string | undefined, wanted: readonly PermissionRequest[]): string | undefined => {
    if (principal === undefined || !evaluated.has(principal)) return undefined;
    const documents = documentsOf(world, principal);
    const refused = wanted.find((request) => !isAllowed(documents, request));
    return refused === undefined
      ? undefined
      : `User: ${principal} is not authorized to perform: ${refused.action} on resource: ${refused.resource} because no identity-based policy allows the ${refused.action} action`;
  };
  return {
    evaluate: (roleArn) => void evaluated.add(roleArn),
    assertCall(principal, service, operation, input) {
      if (service === 'cloudformation' && typeof input['StackName'] === 'string' && principal !== undefined) {
        const name = /:stack\/([^/]+)/.exec(input['StackName'])?.[1] ?? input['StackName'];
        if (!/^(Describe|List|Get)/.test(operation)) callers.set(name, principal);
      }
      if (evaluated.size === 0) return;
      const message = refusal(principal, permissionsOfCall(world, service, operation, input));
      if (message !== undefined) throw new ServiceError('AccessDenied', message, { status: 403 });
    },
    assertResource(stack, work) {
      if (evaluated.size === 0) return;
      const message = refusal(callers.get(stack), permissionsOfResource(world, work));
      if (message !== undefined) throw new Error(`${message} (AccessDenied)`);
    },
  };
}

function documentsOf(world: FakeWorld, principal: string): readonly PolicyDocument[] {
  const { roles, managedPolicies } = world.state(iamState);
  const role = [...roles.values()].find(({ arn }) => arn === principal);
  const attached = [...(role?.attachedPolicies ?? [])].flatMap((arn) => managedPolicies.get(arn) ?? []);
  return [...(role?.inlinePolicies.values() ?? []), ...attached].map((text): PolicyDocument => JSON.parse(text));
}

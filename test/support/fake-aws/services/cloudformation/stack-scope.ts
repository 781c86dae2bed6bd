import type { FakeWorld } from '../../fake-world.js';
import { cloudFormationState } from './cloudformation-state.js';
import { isMet, type Scope } from './intrinsics.js';
import { parameterValues } from './parameters.js';
import type { Stack, StackInput } from './stack.js';

/** What a name of a resource stands for. */
export interface Referable {
  readonly type: string;
  readonly physicalId: unknown;
  /** `undefined` for an attribute that it does not have. */
  readonly attribute: (name: string) => unknown;
}

/** Names of a stack's template, with what its resources are now. */
export function stackScope(
  stack: Pick<Stack, 'id' | 'name'>,
  input: StackInput,
  world: FakeWorld,
  resource: (logicalId: string) => Referable | undefined,
  onImport: (name: string) => void,
): Scope {
  const state = world.state(cloudFormationState);
  const found = (logicalId: string): Referable => {
    const referable = resource(logicalId);
    if (referable !== undefined) return referable;
    throw new Error(`Template format error: Unresolved resource dependencies [${logicalId}] in the template`);
  };
  return {
    template: input.template,
    region: world.region,
    values: {
      ...parameterValues(input.template, input.parameters, world),
      'AWS::AccountId': world.accountId,
      'AWS::Region': world.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': stack.id,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': undefined,
    },
    ref: (logicalId) => found(logicalId).physicalId,
    attribute(logicalId, name) {
      const { type, attribute } = found(logicalId);
      const value = attribute(name);
      if (value !== undefined) return value;
      throw new Error(`Requested attribute ${name} does not exist in schema for ${type} (or not in the fake)`);
    },
    imported(name) {
      const value = state.exported(name)?.output.OutputValue;
      if (value === undefined) throw new Error(`No export named ${name} found.`);
      onImport(name);
      return value;
    },
  };
}

/** Logical ids whose condition is met. */
export function wantedIds(scope: Scope): string[] {
  const entries = Object.entries(scope.template.Resources);
  return entries.filter(([, { Condition }]) => Condition === undefined || isMet(Condition, scope)).map(([id]) => id);
}

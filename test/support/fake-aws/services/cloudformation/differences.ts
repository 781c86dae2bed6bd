import type { Change, PolicyAction, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { isDeepStrictEqual } from 'node:util';
import type { FakeWorld } from '../../fake-world.js';
import type { Properties } from '../../resource-type.js';
import { knownType } from './apply-resource.js';
import { changedProperties } from './changed-properties.js';
import { dependenciesOf, inOrder } from './dependencies.js';
import { evaluate, type Scope } from './intrinsics.js';
import { knownAfterApply } from './known-after-apply.js';
import { propertyDetails } from './property-details.js';
import type { Stack, StackInput, StackResource } from './stack.js';
import { stackScope, wantedIds, type Referable } from './stack-scope.js';

/** What an input changes in a stack, resource by resource. */
export interface Differences {
  readonly changes: readonly Change[];
  /** As far as it is known before. */
  readonly scope: Scope;
}

export function differences(world: FakeWorld, stack: Stack, input: StackInput, withValues: boolean): Differences {
  const after = new Map<string, Referable>();
  const scope = stackScope(
    stack,
    input,
    world,
    (id) => after.get(id),
    () => undefined,
  );
  const ids = wantedIds(scope);
  const changes: ResourceChange[] = [];
  for (const id of inOrder(ids, (id) => dependenciesOf(input.template, id))) {
    const definition = input.template.Resources[id];
    if (definition === undefined) continue;
    const known = stack.resources.get(id);
    const properties = evaluate(definition.Properties, scope) as Properties;
    const change =
      known === undefined
        ? added(id, definition.Type, properties, withValues)
        : modified(known, input, properties, withValues);
    if (change !== undefined) changes.push(change);
    const stays = known !== undefined && (change === undefined || change.Replacement === 'False');
    after.set(id, stays ? asIs(known) : unknown(definition.Type));
  }
  for (const known of stack.resources.values()) if (!ids.includes(known.logicalId)) changes.push(removed(known));
  return { scope, changes: changes.map((ResourceChange) => ({ Type: 'Resource' as const, ResourceChange })) };
}

function added(id: string, type: string, properties: Properties, withValues: boolean): ResourceChange {
  return {
    Action: 'Add',
    LogicalResourceId: id,
    ResourceType: type,
    Scope: [],
    Details: [],
    ...(withValues && { AfterContext: JSON.stringify({ Properties: properties }) }),
  };
}

function removed({ logicalId, physicalId, type, definition }: StackResource): ResourceChange {
  return {
    Action: 'Remove',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    PolicyAction: definition.DeletionPolicy.startsWith('Retain') ? 'Retain' : 'Delete',
    Scope: [],
    Details: [],
  };
}

function modified(
  known: StackResource,
  input: StackInput,
  properties: Properties,
  withValues: boolean,
): ResourceChange | undefined {
  const definition = input.template.Resources[known.logicalId];
  if (definition === undefined) return undefined;
  const type = knownType(known.type);
  const names = changedProperties(known.properties, properties);
  const details = propertyDetails(known, definition, properties, names, type, withValues);
  const policies = attributeDetails(known, definition);
  if (details.length + policies.length === 0) return undefined;
  const replacement = replacementOf(details);
  const replacedAction: PolicyAction = definition.UpdateReplacePolicy.startsWith('Retain')
    ? 'ReplaceAndRetain'
    : 'ReplaceAndDelete';
  return {
    Action: 'Modify',
    LogicalResourceId: known.logicalId,
    PhysicalResourceId: known.physicalId,
    ResourceType: known.type,
    Replacement: replacement,
    ...(replacement !== 'False' && { PolicyAction: replacedAction }),
    Scope: [...new Set([...policies, ...details].flatMap(({ Target }) => Target?.Attribute ?? []))],
    Details: [...details, ...policies],
    ...(withValues && {
      BeforeContext: JSON.stringify({ Properties: known.properties }),
      AfterContext: JSON.stringify({ Properties: properties }),
    }),
  };
}

/** What is said of a resource beside its properties. */
function attributeDetails(known: StackResource, definition: StackResource['definition']): ResourceChangeDetail[] {
  const attributes = ['DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'] as const;
  return attributes
    .filter((name) => !isDeepStrictEqual(known.definition[name], definition[name]))
    .map((name) => ({
      Target: { Attribute: name, RequiresRecreation: 'Never' },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    }));
}

/** A value that is known only afterwards may turn out to be the same. */
function replacementOf(details: readonly ResourceChangeDetail[]): 'True' | 'False' | 'Conditional' {
  const needing = details.filter(({ Target }) => Target?.RequiresRecreation !== 'Never');
  if (needing.length === 0) return 'False';
  const isSure = needing.some(
    ({ Target, Evaluation }) => Target?.RequiresRecreation === 'Always' && Evaluation === 'Static',
  );
  return isSure ? 'True' : 'Conditional';
}

function asIs({ type, physicalId, attributes }: StackResource): Referable {
  return {
    type,
    physicalId,
    attribute: (name) => attributes[name] ?? (knownType(type).attributes.has(name) ? knownAfterApply : undefined),
  };
}

function unknown(type: string): Referable {
  return {
    type,
    physicalId: knownAfterApply,
    attribute: (name) => (knownType(type).attributes.has(name) ? knownAfterApply : undefined),
  };
}

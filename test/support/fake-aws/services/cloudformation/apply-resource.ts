import { isDeepStrictEqual } from 'node:util';
import type { FakeWorld } from '../../fake-world.js';
import { resourceFaults, type ResourceFault } from '../../resource-fault.js';
import { ResourceFailure, type CreatedResource, type Properties, type ResourceContext } from '../../resource-type.js';
import { permissions } from '../../permissions/permissions.js';
import { findResourceType, type KnownResourceType } from '../../resources/find-resource-type.js';
import { changedProperties } from './changed-properties.js';
import { checkProperties } from './check-properties.js';
import { cloudFormationState } from './cloudformation-state.js';
import { withReferences } from './dynamic-references.js';
import type { Stack, StackResource } from './stack.js';
import type { TemplateResource } from './template.js';

/** What a resource shall become. */
export interface WantedResource {
  readonly logicalId: string;
  readonly definition: TemplateResource;
  readonly properties: Properties;
  readonly needs: readonly string[];
}

/** Creates, updates or replaces a resource of a stack, or leaves it as it is; writes its events. */
export async function applyResource(world: FakeWorld, stack: Stack, wanted: WantedResource, signal: AbortSignal) {
  const { logicalId, definition, properties } = wanted;
  const known = stack.resources.get(logicalId);
  if (known === undefined) return make(world, stack, wanted, 'CREATE', signal);
  if (known.type !== definition.Type) {
    throw new Error(
      `Update of resource type is not permitted. The new template modifies resource type of: [${logicalId}]`,
    );
  }
  if (isDeepStrictEqual(known.properties, properties) && !known.isUnclear) {
    stack.resources.set(logicalId, { ...known, definition, needs: wanted.needs });
    return;
  }
  const type = knownType(definition.Type);
  const changed = changedProperties(known.properties, properties);
  if (!changed.some((name) => type.always.has(name))) return change(world, stack, known, wanted, signal);
  const names = type.identifier.filter((name) => type.properties.has(name));
  if (names.length === type.identifier.length && names.length > 0 && !changed.some((name) => names.includes(name))) {
    if (names.every((name) => properties[name] !== undefined)) {
      throw new Error(
        `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(properties[names[0] ?? ''])} and update the stack again.`,
      );
    }
  }
  await make(world, stack, wanted, 'UPDATE', signal);
  // The policy of the new template says what becomes of the old resource.
  stack.cleanup.push({ ...known, definition });
}

/** Updates a resource in place; also the way back to what it was. */
export async function change(
  world: FakeWorld,
  stack: Stack,
  known: StackResource,
  wanted: WantedResource,
  signal: AbortSignal,
) {
  const { logicalId, definition, properties } = wanted;
  const state = world.state(cloudFormationState);
  const type = knownType(definition.Type);
  const set = (
    status: 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE' | 'UPDATE_FAILED',
    made: CreatedResource,
    reason?: string,
  ) => {
    const { physicalId, attributes } = made;
    const { needs } = wanted;
    const isUnclear = status !== 'UPDATE_COMPLETE';
    const now = { status, reason, changedAt: new Date(), isUnclear };
    const resource = { ...known, physicalId, attributes, definition, properties, needs, ...now };
    stack.resources.set(logicalId, resource);
    state.addEvent(stack, resource, status, reason);
  };
  set('UPDATE_IN_PROGRESS', known);
  try {
    checkProperties(logicalId, type, properties);
    await meetFault(world, logicalId, definition.Type, 'update', signal);
    const [after, before] = [withReferences(properties, world), withReferences(known.properties, world)];
    const context = resourceContext(world, stack, logicalId, signal);
    const work = { type: definition.Type, action: 'update', properties: after as Properties } as const;
    world.state(permissions).assertResource(stack.name, { ...work, name: known.physicalId });
    set('UPDATE_COMPLETE', await type.resource.update(known, after as Properties, before as Properties, context));
  } catch (error) {
    set('UPDATE_FAILED', known, reasonOf(error, signal, 'update'));
    throw error;
  }
}

async function make(
  world: FakeWorld,
  stack: Stack,
  wanted: WantedResource,
  verb: 'CREATE' | 'UPDATE',
  signal: AbortSignal,
) {
  const { logicalId, definition, properties } = wanted;
  const state = world.state(cloudFormationState);
  const event = (status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED', physicalId: string, reason?: string) =>
    state.addEvent(stack, { logicalId, type: definition.Type, physicalId, properties }, `${verb}_${status}`, reason);
  const keep = (made: CreatedResource, status: string, reason?: string) =>
    stack.resources.set(logicalId, {
      ...wanted,
      ...made,
      type: definition.Type,
      status,
      reason,
      changedAt: new Date(),
      isUnclear: false,
    });
  const replacing = 'Requested update requires the creation of a new physical resource; hence creating one.';
  event('IN_PROGRESS', '', verb === 'UPDATE' ? replacing : undefined);
  try {
    const type = knownType(definition.Type);
    checkProperties(logicalId, type, properties);
    await meetFault(world, logicalId, definition.Type, 'create', signal);
    const resolved = withReferences(properties, world) as Properties;
    const context = resourceContext(world, stack, logicalId, signal);
    const work = { type: definition.Type, action: 'create', properties: resolved } as const;
    world.state(permissions).assertResource(stack.name, { ...work, name: context.newName() });
    const made = await type.resource.create(resolved, context);
    event('IN_PROGRESS', made.physicalId, 'Resource creation Initiated');
    keep(made, `${verb}_COMPLETE`);
    event('COMPLETE', made.physicalId);
  } catch (error) {
    const reason = reasonOf(error, signal, 'creation');
    const created = error instanceof ResourceFailure ? error.created : undefined;
    if (created !== undefined && verb === 'CREATE') keep(created, 'CREATE_FAILED', reason);
    if (created !== undefined && verb === 'UPDATE') {
      stack.cleanup.push({
        ...wanted,
        ...created,
        type: definition.Type,
        status: 'UPDATE_FAILED',
        reason,
        changedAt: new Date(),
        isUnclear: true,
      });
    }
    event('FAILED', created?.physicalId ?? '', reason);
    throw error;
  }
}

/** Of what a template needs; anything else was refused before. */
export function knownType(type: string): KnownResourceType {
  const known = findResourceType(type);
  if (known === undefined) throw new Error(`Unrecognized resource type: ${type}`);
  return known;
}

export function meetFault(
  world: FakeWorld,
  logicalId: string,
  type: string,
  action: ResourceFault['action'],
  signal: AbortSignal,
) {
  return world.state(resourceFaults).meet(logicalId, type, action, signal);
}

export function resourceContext(
  world: FakeWorld,
  stack: Stack,
  logicalId: string,
  signal: AbortSignal,
): ResourceContext {
  return {
    world,
    stackName: stack.name,
    stackId: stack.id,
    logicalId,
    signal,
    tags: (stack.input?.tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
    newName(maxLength = 64) {
      const random = world.newId(12);
      return `${`${stack.name}-${logicalId}`.slice(0, maxLength - random.length - 1)}-${random}`;
    },
  };
}

function reasonOf(error: unknown, signal: AbortSignal, what: string): string {
  if (signal.aborted) return `Resource ${what} cancelled`;
  return error instanceof Error ? error.message : String(error);
}

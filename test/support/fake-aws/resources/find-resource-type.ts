import type { ResourceType } from '../resource-type.js';
import { genericResource } from './generic-resource.js';
import { resourceTypes } from './index.js';
import { resourceFacts, type ResourceFacts } from './resource-facts.js';

/** A resource type that the fake has, with what the registry says of it. */
export interface KnownResourceType extends ResourceFacts {
  readonly resource: ResourceType;
}

/** `undefined` for a type that the fake does not have. */
export function findResourceType(type: string): KnownResourceType | undefined {
  const facts = resourceFacts(type);
  const resource = resourceTypes.find((known) => known.type === type) ?? genericResource(type);
  if (facts === undefined || resource === undefined) return undefined;
  return {
    ...facts,
    resource,
    always: new Set(resource.createOnly ?? facts.always),
    required: resource.required ?? facts.required,
  };
}

import type { ResourceType } from '../resource-type.js';

/** Every resource type with behaviour. What needs none is in `generic-resources.ts`; any other type fails loudly. */
export const resourceTypes: readonly ResourceType[] = [];

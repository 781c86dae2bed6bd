import { addressType } from '../load-balancer/address-type.js';
import { cloudRunTypes } from './cloud-run-types.js';
import { dataTypes } from './data-types.js';
import type { ResourceType } from './resource-type.js';

/** Types that do something. All others are kept as they were told, with what `computed-attributes.ts` adds. */
export const resourceTypes: readonly ResourceType[] = [...cloudRunTypes, ...dataTypes, addressType];

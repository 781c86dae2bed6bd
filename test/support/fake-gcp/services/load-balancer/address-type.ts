import { text, type ResourceType } from '../terraform/resource-type.js';
import { startFront } from './front.js';

/** A public address is one that answers; of a private one only the number is known. */
export const addressType: ResourceType = {
  type: 'google_compute_global_address',
  create: async (attributes, { world }) => {
    if (attributes['address_type'] === 'INTERNAL') return { address: text(attributes['address']) ?? '10.128.0.0' };
    return { address: await startFront(world) };
  },
};

import { resourcesOf } from '../configuration.js';
import type { ConfigurationRule } from '../configuration-rule.js';

/** CKV_GCP_102 and CKV_GCP_101 for every resource, Cloud Run v2 included, which they do not look at. */
export const noPublicBinding: ConfigurationRule = {
  id: 'no-public-binding',
  reason: 'who may reach a service is said by its ingress, and nothing else is for everybody',
  check: (configuration) =>
    resourcesOf(configuration).flatMap(([address, values]) => {
      const members = [values['member'], ...(Array.isArray(values['members']) ? values['members'] : [])];
      const everybody = members.find((member) => member === 'allUsers' || member === 'allAuthenticatedUsers');
      return everybody === undefined ? [] : [{ address, message: `grants a role to ${String(everybody)}` }];
    }),
};

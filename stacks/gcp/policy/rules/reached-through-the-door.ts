import { resourcesOf } from '../configuration.js';
import type { ConfigurationRule } from '../configuration-rule.js';

const closed: readonly unknown[] = ['INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', 'INGRESS_TRAFFIC_INTERNAL_ONLY'];

/** A service that asks nobody who they are (`invoker_iam_disabled`) must not be reached but through the load balancer. */
export const reachedThroughTheDoor: ConfigurationRule = {
  id: 'reached-through-the-door',
  reason: 'behind run.app there is neither Cloud Armor nor a log of the load balancer',
  check: (configuration) =>
    resourcesOf(configuration, 'google_cloud_run_v2_service').flatMap(([address, values]) =>
      closed.includes(values['ingress']) ? [] : [{ address, message: `ingress is ${String(values['ingress'])}` }],
    ),
};

import type { AwsClients } from '../clients/aws-clients.js';
import type { ServiceTools } from '../services/service-tools.js';
import { deployStack, type DeployWorld } from './deploy-stack.js';
import { destroyStack } from './destroy-stack.js';
import { failedServices } from './failed-services.js';
import { readResources, readStack, readTemplate } from './read-stack.js';
import { repairStack } from './repair-stack.js';
import { settleStack } from './settle-stack.js';
import { stackFailed } from './stack-failure.js';
import { stackCondition } from './stack-status.js';
import type { StackTools } from './stack-tools.js';
import { templateChanges } from './template-changes.js';

/** Opens {@link StackTools}. */
export function openStacks(
  clients: AwsClients,
  services: ServiceTools,
  { pollSeconds, statefulTypes }: Pick<DeployWorld, 'pollSeconds' | 'statefulTypes'>,
): StackTools {
  return {
    state: async (stack, signal) => await readStack(clients, stack, signal),
    template: async (stack, signal) => await readTemplate(clients, stack, signal),
    changes: async (before, after) => await templateChanges(before, after, statefulTypes),
    resources: async (stack, signal) => await readResources(clients, stack, signal),
    repair: async (stack, run) => await repairStack(clients, stack, run, pollSeconds),
    deploy: async (options) => await deployStack({ clients, services, pollSeconds, statefulTypes }, options),
    destroy: async (options) => await destroyStack(clients, options, pollSeconds),
    wait: async (stack, run) => {
      const failed = failedServices(services, run.signal);
      const { state, failures } = await settleStack(clients, stack, run, pollSeconds, failed.onFailure);
      if (state === undefined || stackCondition(state.status) === 'done') return state;
      throw stackFailed(stack, state, failures, await failed.found());
    },
  };
}

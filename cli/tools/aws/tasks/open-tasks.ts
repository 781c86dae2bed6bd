import type { AwsClients } from '../clients/aws-clients.js';
import { listTasks } from './list-tasks.js';
import { runTask } from './run-task.js';
import { taskDefinitions } from './task-definitions.js';
import type { TaskTools } from './task-tools.js';
import { readTask, stopTask, waitTask } from './wait-task.js';

/** Opens {@link TaskTools}. */
export function openTasks(clients: AwsClients, pollSeconds: number): TaskTools {
  const definitionOf = taskDefinitions(clients);
  return {
    run: async (request, signal) =>
      await runTask(clients, request, await definitionOf(request.taskDefinition, signal), signal),
    wait: async (options) => await waitTask(clients, options, definitionOf, pollSeconds),
    state: async (cluster, task, signal) => {
      const found = await readTask(clients, cluster, task, signal);
      if (found?.status !== 'STOPPED') return found;
      const { main } = await definitionOf(found.taskDefinition, signal);
      return await readTask(clients, cluster, task, signal, main);
    },
    startedBy: async (cluster, startedBy, signal) => await listTasks(clients, { cluster, startedBy }, signal),
    ofFamily: async (cluster, family, signal) => await listTasks(clients, { cluster, family }, signal),
    stop: async (cluster, task, reason, signal) => await stopTask(clients, cluster, task, reason, signal),
  };
}

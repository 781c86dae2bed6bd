import type { AwsClients } from '../clients/aws-clients.js';
import { logCursor } from '../logs/log-cursor.js';
import { listTasks } from '../tasks/list-tasks.js';
import { taskDefinitions } from '../tasks/task-definitions.js';
import type { TaskState } from '../tasks/task-tools.js';
import { readRollouts, readServices } from './read-services.js';
import { readTargets } from './read-targets.js';
import { failedTasks, serviceDiagnosis } from './service-diagnosis.js';
import type { ServiceTools } from './service-tools.js';

const shownLines = 20;

/** Opens {@link ServiceTools}. */
export function openServices(clients: AwsClients): ServiceTools {
  const definitionOf = taskDefinitions(clients);
  const logOf = async (task: TaskState | undefined, signal: AbortSignal): Promise<readonly string[]> => {
    if (task === undefined) return [];
    const { main, logs } = await definitionOf(task.taskDefinition, signal);
    const log = logs.find(({ container }) => container === main);
    if (log === undefined) return [];
    const lines = await logCursor(clients, log.group, log.stream(task.id)).next(signal);
    return lines.slice(-shownLines).map(({ text }) => text);
  };
  const stoppedTasks = async (cluster: string, serviceName: string, signal: AbortSignal) =>
    await listTasks(clients, { cluster, serviceName, desiredStatus: 'STOPPED' }, signal);

  return {
    states: async (cluster, services, signal) => await readServices(clients, cluster, services, signal),
    rollouts: async (cluster, service, signal) => await readRollouts(clients, cluster, service, signal),
    tasks: async (cluster, serviceName, signal) => {
      const tasks = await listTasks(clients, { cluster, serviceName, desiredStatus: 'RUNNING' }, signal);
      return tasks.filter(({ status }) => status === 'RUNNING');
    },
    stoppedTasks,
    targets: async (targetGroup, signal) => await readTargets(clients, targetGroup, signal),
    async diagnosis(cluster, name, signal) {
      const [service] = await readServices(clients, cluster, [name], signal);
      const stopped = await stoppedTasks(cluster, name, signal).catch((error: unknown) => {
        if (service === undefined) return [];
        throw error;
      });
      const targets = await Promise.all(
        (service?.targetGroups ?? []).map(async (targetGroup) => await readTargets(clients, targetGroup, signal)),
      );
      // Of a task whose log or definition a rollback took away, the rest is told.
      const log = await logOf(failedTasks(stopped)[0], signal).catch(() => []);
      return serviceDiagnosis({ service, stopped, targets: targets.flat(), log });
    },
  };
}

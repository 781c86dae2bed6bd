import { awsErrorName } from '../clients/aws-failure.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { logCursor } from '../logs/log-cursor.js';
import { listTasks } from '../tasks/list-tasks.js';
import { taskDefinitions } from '../tasks/task-definitions.js';
import type { TaskState } from '../tasks/task-tools.js';
import { readRollouts, readServices } from './read-services.js';
import { readTargets } from './read-targets.js';
import { restartService } from './restart-service.js';
import { readTraffic } from './read-traffic.js';
import { failedTasks, serviceDiagnosis } from './service-diagnosis.js';
import type { ServiceTools } from './service-tools.js';

const shownLines = 20;

/** Opens {@link ServiceTools}. */
export function openServices(clients: AwsClients, pollSeconds: number): ServiceTools {
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
  /** Of a service that is gone ECS lists no tasks, but those of its cluster. */
  const tasksOfServices = async (cluster: string, signal: AbortSignal) => {
    const tasks = await listTasks(clients, { cluster, desiredStatus: 'STOPPED' }, signal).catch((error: unknown) => {
      if (awsErrorName(error) === 'ClusterNotFoundException') return [];
      throw error;
    });
    return tasks.filter(({ startedBy }) => startedBy?.startsWith('ecs-svc/') === true);
  };

  return {
    states: async (cluster, services, signal) => await readServices(clients, cluster, services, signal),
    rollouts: async (cluster, service, signal) => await readRollouts(clients, cluster, service, signal),
    async stopRollout(serviceDeploymentArn, abortSignal) {
      const ecs = await clients.ecs();
      await ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' }, { abortSignal });
    },
    tasks: async (cluster, serviceName, signal) => {
      const tasks = await listTasks(clients, { cluster, serviceName, desiredStatus: 'RUNNING' }, signal);
      return tasks.filter(({ status }) => status === 'RUNNING');
    },
    stoppedTasks,
    restart: async (options) => await restartService(clients, options, pollSeconds),
    traffic: async (rule, signal) => await readTraffic(clients, rule, signal),
    targets: async (targetGroup, signal) => await readTargets(clients, targetGroup, signal),
    async diagnosis(cluster, name, signal) {
      const [service] = await readServices(clients, cluster, [name], signal);
      const stopped =
        service === undefined ? await tasksOfServices(cluster, signal) : await stoppedTasks(cluster, name, signal);
      const failed = failedTasks(stopped);
      const targets = await Promise.all(
        (service?.targetGroups ?? []).map(async (targetGroup) => await readTargets(clients, targetGroup, signal)),
      );
      // The rollback may have taken the log away already: the rest is told all the same.
      const log = await logOf(failed[0], signal).catch(() => []);
      return serviceDiagnosis({ service, failed, targets: targets.flat(), log });
    },
  };
}

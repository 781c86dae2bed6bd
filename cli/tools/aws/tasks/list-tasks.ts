import type { AwsClients } from '../clients/aws-clients.js';
import { allPages, chunked } from '../clients/pages.js';
import { newestFirst, taskState } from './task-state.js';
import type { TaskState } from './task-tools.js';

/** Which tasks of a cluster. */
export interface TaskFilter {
  readonly cluster: string;
  readonly startedBy?: string;
  readonly family?: string;
  readonly serviceName?: string;
  /** @default - both */
  readonly desiredStatus?: 'RUNNING' | 'STOPPED';
}

/** API reference, DescribeTasks: "up to 100". */
const describedAtOnce = 100;

/** Tasks, newest first; of those that have stopped, what ECS still knows. */
export async function listTasks(
  clients: AwsClients,
  { desiredStatus, ...filter }: TaskFilter,
  abortSignal: AbortSignal,
): Promise<readonly TaskState[]> {
  const ecs = await clients.ecs();
  const arns: string[] = [];
  for (const status of desiredStatus === undefined ? (['RUNNING', 'STOPPED'] as const) : [desiredStatus]) {
    const listed = await allPages(async (nextToken) => {
      const page = await ecs.listTasks({ ...filter, desiredStatus: status, nextToken }, { abortSignal });
      return { items: page.taskArns ?? [], next: page.nextToken };
    });
    arns.push(...listed);
  }
  const tasks: TaskState[] = [];
  for (const some of chunked([...new Set(arns)], describedAtOnce)) {
    const { tasks: found = [] } = await ecs.describeTasks(
      { cluster: filter.cluster, tasks: [...some], include: ['TAGS'] },
      { abortSignal },
    );
    tasks.push(...found.map((task) => taskState(task)));
  }
  return newestFirst(tasks);
}

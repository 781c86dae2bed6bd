import type { ServiceRollout, ServiceState, TargetHealth } from '../../tools/aws/services/service-tools.js';
import type { TaskState } from '../../tools/aws/tasks/task-tools.js';

/** What is known of one service. */
export interface ObservedService {
  readonly name: string;
  /** `repository@sha256:…`: what its containers must run. */
  readonly image: string;
  /** ARN of the task definition that it must run. */
  readonly wanted: string;
  readonly state: ServiceState;
  /** The newest. */
  readonly rollout: ServiceRollout | undefined;
  readonly tasks: readonly TaskState[];
  /** Undefined: it is not behind the load balancer. */
  readonly targets: readonly TargetHealth[] | undefined;
}

/** Pure: why a service does not count as serving its release; undefined when it does. */
export function serviceProblem(
  observed: ObservedService,
): { readonly what: string; readonly isFinal: boolean } | undefined {
  const { name, wanted, state, rollout, targets } = observed;
  if (state.taskDefinition !== wanted) {
    // Told only of a release that is not what ECS went back to.
    if (rollout !== undefined && /^ROLLBACK|^STOP/.test(rollout.status)) {
      const reason = rollout.reason === null ? '' : `: ${rollout.reason}`;
      return { what: `ECS has not kept the rollout of ${name} (${rollout.status})${reason}`, isFinal: true };
    }
    return { what: `${name} runs ${state.taskDefinition}, not ${wanted}`, isFinal: true };
  }
  const [others] = state.deployments.filter(({ taskDefinition }) => taskDefinition !== wanted);
  if (others !== undefined && others.running > 0) {
    return { what: `${others.running} tasks of ${name} still run ${others.taskDefinition}`, isFinal: false };
  }
  if (state.running < state.desired) {
    return { what: `${name} has ${state.running} of ${state.desired} tasks`, isFinal: false };
  }
  return strayTask(observed) ?? (targets === undefined ? undefined : unhealthyTargets(observed, targets));
}

/** The digest is looked at in the task, not in what it was asked to be. */
function strayTask({ name, image, wanted, tasks }: ObservedService) {
  const digest = image.slice(image.indexOf('@') + 1);
  for (const task of tasks) {
    const isStopping = task.desiredStatus === 'STOPPED' || task.stoppedAt !== null;
    if (isStopping) continue;
    if (task.taskDefinition !== wanted) {
      return { what: `task ${task.id} of ${name} runs ${task.taskDefinition}`, isFinal: false };
    }
    const isAsked = task.containers.some(
      (container) => container.image.endsWith(`@${digest}`) || container.digest === digest,
    );
    if (task.containers.length > 0 && !isAsked) {
      const seen = task.containers.map((container) => container.digest ?? container.image).join(', ');
      return { what: `task ${task.id} of ${name} runs ${seen}, not ${digest}`, isFinal: true };
    }
  }
  return undefined;
}

function unhealthyTargets({ name, state }: ObservedService, targets: readonly TargetHealth[]) {
  const healthy = targets.filter((target) => target.state === 'healthy').length;
  if (healthy >= Math.min(1, state.desired) && healthy >= state.running) return undefined;
  const [bad] = targets.filter((target) => target.state !== 'healthy' && target.state !== 'draining');
  const why =
    bad === undefined ? '' : `: ${bad.id} is ${bad.state}${bad.description === null ? '' : ` (${bad.description})`}`;
  return { what: `${healthy} of ${state.running} tasks of ${name} are healthy${why}`, isFinal: false };
}

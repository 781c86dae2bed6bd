import type { TaskState } from '../tasks/task-tools.js';

/** An ECS service as it is now. */
export interface ServiceState {
  readonly name: string;
  readonly arn: string;
  /** `ACTIVE`, `DRAINING`, `INACTIVE`. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly taskDefinition: string;
  /** Newest first. */
  readonly deployments: readonly ServiceDeployment[];
  /** Newest first. */
  readonly events: readonly { readonly at: string; readonly message: string }[];
  /** Two of a service whose rollouts move traffic between them. */
  readonly targetGroups: readonly string[];
}

export interface ServiceDeployment {
  readonly id: string;
  /** `PRIMARY`, `ACTIVE`, `INACTIVE`. */
  readonly status: string;
  /** `COMPLETED`, `IN_PROGRESS`, `FAILED`. */
  readonly rolloutState: string | null;
  readonly reason: string | null;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly failed: number;
  /** ISO 8601. */
  readonly createdAt: string | null;
}

/** Which service is restarted, and when that was done already. */
export interface RestartOptions {
  readonly cluster: string;
  readonly service: string;
  /** ISO 8601: tasks of a deployment that began after it stay. */
  readonly since: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** A rollout as DescribeServiceDeployments tells it: the record of what ECS did, rollbacks included. */
export interface ServiceRollout {
  readonly arn: string;
  /** `PENDING`, `IN_PROGRESS`, `SUCCESSFUL`, `ROLLBACK_IN_PROGRESS`, `ROLLBACK_SUCCESSFUL`, `ROLLBACK_FAILED`, `STOPPED`, … */
  readonly status: string;
  readonly reason: string | null;
  readonly createdAt: string | null;
  readonly finishedAt: string | null;
  readonly targetRevision: string | null;
  /** `SCALE_UP`, `PRODUCTION_TRAFFIC_SHIFT`, `BAKE_TIME`, … of a rollout that moves traffic; null for a rolling one. */
  readonly stage: string | null;
}

export interface TargetHealth {
  readonly id: string;
  readonly port: number | null;
  /** `healthy`, `unhealthy`, `initial`, `draining`, `unused`. */
  readonly state: string;
  readonly reason: string | null;
  readonly description: string | null;
}

/** ECS services and the load balancer in front of them. */
export interface ServiceTools {
  /** Those that exist, in the order asked for. */
  states(cluster: string, services: readonly string[], signal: AbortSignal): Promise<readonly ServiceState[]>;
  /** Newest first. */
  rollouts(cluster: string, service: string, signal: AbortSignal): Promise<readonly ServiceRollout[]>;
  /** Ends a rollout that goes on, and has ECS go back to what ran before. */
  stopRollout(rollout: string, signal: AbortSignal): Promise<void>;
  /** Its running tasks, with the digests they run. */
  tasks(cluster: string, service: string, signal: AbortSignal): Promise<readonly TaskState[]>;
  /** Its tasks that have stopped within the last hour, newest first. */
  stoppedTasks(cluster: string, service: string, signal: AbortSignal): Promise<readonly TaskState[]>;
  /** Replaces its tasks, which read their secrets again, and waits for the new ones. False: they were new, or it is gone. */
  restart(options: RestartOptions): Promise<boolean>;
  /** Weights of a rule of the load balancer, by target group. */
  traffic(rule: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  targets(targetGroup: string, signal: AbortSignal): Promise<readonly TargetHealth[]>;
  /** Why its tasks do not come up: stop reasons, exit codes, failing health checks, last log lines. Empty: nothing is wrong. */
  diagnosis(cluster: string, service: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** A task to run once. */
export interface RunTaskRequest {
  readonly cluster: string;
  /** ARN. */
  readonly taskDefinition: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Names the attempt: asked twice with the same one, ECS starts one task. Hashed when longer than ECS takes (64). */
  readonly clientToken: string;
  /** Who started it, to find it again; at most 36 characters (API reference, RunTask). */
  readonly startedBy: string;
  /** argv in place of the definition's. @default - the definition's */
  readonly command?: readonly string[];
  /** Container of `command`. @default - the first one that is essential */
  readonly container?: string;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A task as it is now. */
export interface TaskState {
  readonly arn: string;
  /** Last part of the ARN. */
  readonly id: string;
  readonly taskDefinition: string;
  readonly startedBy: string | null;
  /** `PROVISIONING` … `RUNNING` … `STOPPED`. */
  readonly status: string;
  readonly desiredStatus: string;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  /** `EssentialContainerExited`, `TaskFailedToStart`, `UserInitiated`, …; null while it runs. */
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  /** Of the container that matters: the first essential one. Null while it runs, and when it never started. */
  readonly exitCode: number | null;
  readonly containers: readonly TaskContainer[];
}

export interface TaskContainer {
  readonly name: string;
  readonly image: string;
  /** `sha256:…`; null before the image was pulled. */
  readonly digest: string | null;
  readonly status: string;
  readonly exitCode: number | null;
  readonly reason: string | null;
  /** `HEALTHY`, `UNHEALTHY`, `UNKNOWN`. */
  readonly health: string;
}

export interface WaitTaskOptions {
  readonly cluster: string;
  readonly task: string;
  /** Takes what its containers print, in order. @default - not read */
  readonly onLine?: (line: string) => void | Promise<void>;
  /** Told once that what it prints cannot be read: its end is waited for all the same. */
  readonly onUnreadable?: (error: unknown) => void;
  /**
   * Stops the task when nobody will wait for it any more: when the signal aborts, and then waits for its end as long as its
   * stop timeout; or when ECS cannot be asked about it. @default false
   */
  readonly stopOnAbort?: boolean;
  readonly signal: AbortSignal;
}

/** ECS tasks that run once: migrations, `run`, schedules by hand. */
export interface TaskTools {
  /** @throws EnvironmentNotReady, ToolFailed: ECS has no room for it or refuses it, with its reason */
  run(request: RunTaskRequest, signal: AbortSignal): Promise<TaskState>;
  /** Waits until it has STOPPED. Undefined: ECS knows it no more (an hour after its end). */
  wait(options: WaitTaskOptions): Promise<TaskState | undefined>;
  state(cluster: string, task: string, signal: AbortSignal): Promise<TaskState | undefined>;
  /** Tasks of one starter, running and stopped, newest first. */
  startedBy(cluster: string, startedBy: string, signal: AbortSignal): Promise<readonly TaskState[]>;
  /** Tasks of a family, running and stopped, newest first. */
  ofFamily(cluster: string, family: string, signal: AbortSignal): Promise<readonly TaskState[]>;
  stop(cluster: string, task: string, reason: string, signal: AbortSignal): Promise<void>;
}

/** One container of a task, ready to be started. */
export interface ContainerRun {
  readonly taskId: string;
  readonly name: string;
  /** The task's own, `127.x.y.z`. */
  readonly address: string;
  readonly image: string;
  /** In place of the image's. @default - the image's */
  readonly entrypoint: readonly string[] | undefined;
  /** In place of the image's. @default - the image's */
  readonly command: readonly string[] | undefined;
  readonly workingDirectory: string | undefined;
  /** Secrets are in it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly readonlyRootFilesystem: boolean;
  /** Directories that are memory. */
  readonly writable: readonly string[];
  /** A process that passes signals on and buries the dead is process 1. */
  readonly hasInit: boolean;
  readonly onOutput: (chunk: Buffer, stream: 'out' | 'err') => void;
}

/** A container that runs. */
export interface RunningContainer {
  readonly imageDigest: string;
  /** Resolves when nothing is left of it. 128 + signal when one ended it. */
  readonly ended: Promise<number>;
  /** SIGTERM, and SIGKILL after the grace; resolves when it is gone. */
  stop(graceSeconds: number): Promise<void>;
  /** Runs a command in it: a health check. Resolves to its exit code. */
  execute(argv: readonly string[], timeoutSeconds: number): Promise<number>;
}

/** What came of starting a container. */
export type StartResult =
  | { readonly kind: 'started'; readonly container: RunningContainer }
  | { readonly kind: 'failed'; readonly reason: string };

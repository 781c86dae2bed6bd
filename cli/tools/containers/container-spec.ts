/** One container, as it is created. */
export interface ContainerSpec {
  readonly name: string;
  /** `registry/repo@sha256:…`, or the id of an image that the engine has. */
  readonly image: string;
  /** @default - that of the image */
  readonly entrypoint?: readonly string[];
  /** Empty: the command of the image. */
  readonly command: readonly string[];
  /** Values never stand on a command line. */
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string;
  /** Names that others in the network find it by. */
  readonly aliases: readonly string[];
  /** Ports of this machine's loopback address that lead to ports of the container. */
  readonly publish: readonly { readonly hostPort: number; readonly containerPort: number }[];
  /** Named volumes, by the path they appear under. */
  readonly volumes: Readonly<Record<string, string>>;
  /** @default - what the image says */
  readonly hostname?: string;
  /** Size of /dev/shm. @default - the engine's 64 MiB */
  readonly sharedMemoryMiB?: number;
  /** @default - no bound */
  readonly limits?: ContainerLimits;
  /** Nothing that is not needed is allowed. @default - as the image asks */
  readonly confinement?: ContainerConfinement;
  /** Whether something is written to its standard input. */
  readonly stdin: boolean;
}

export interface ContainerLimits {
  /** vCPU. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** No capability but those it is given, no new privileges. */
export interface ContainerConfinement {
  /** Nothing can be written but what is in `tmpfs`. */
  readonly readOnly: boolean;
  /** Directories in memory, that everybody in the container may write to. */
  readonly tmpfs: readonly string[];
  readonly capAdd: readonly string[];
  /** User, or `user:group`, by name or number. @default - the image's */
  readonly user?: string;
}

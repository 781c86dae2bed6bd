/** One container, as it is created. */
export interface ContainerSpec {
  readonly name: string;
  /** `registry/repo@sha256:…`, or the id of an image that the engine has. */
  readonly image: string;
  /** @default - the command of the image */
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
  /** Nothing that is not needed is allowed: no capability, no new privileges. @default - as the image asks */
  readonly hardening?: ContainerHardening;
  /** Whether something is written to its standard input. */
  readonly stdin: boolean;
}

export interface ContainerLimits {
  /** vCPU. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface ContainerHardening {
  /** The file system of the image cannot be written; `/tmp` can. */
  readonly readOnly: boolean;
  /** User, or `user:group`, by name or number. @default - the image's */
  readonly user?: string;
}

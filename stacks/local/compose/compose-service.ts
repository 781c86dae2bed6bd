/** What must have happened to another service before this one starts. */
export interface ComposeDependency {
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
}

/** One service of a Compose project, with the fields we use. */
export interface ComposeService {
  readonly build?: {
    /** Relative to compose.yaml. */
    readonly context: string;
    readonly dockerfile: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string>>;
    /** Names in the project's `secrets`. */
    readonly secrets?: readonly string[];
  };
  readonly image?: string;
  readonly platform?: string;
  readonly profiles?: readonly string[];
  readonly hostname?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly start_period: string;
  };
  readonly depends_on?: Readonly<Record<string, ComposeDependency>>;
  readonly networks: readonly string[];
  readonly restart: 'unless-stopped' | 'no';
  readonly init?: true;
  readonly stop_signal?: string;
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly replicas: number };
  /** With a unit: `512m` is 512 MiB. */
  readonly mem_limit?: string;
  readonly shm_size?: string;
  readonly cpus?: number;
  readonly user?: string;
  readonly read_only?: true;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
}

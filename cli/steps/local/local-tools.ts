import type { Ledger } from '../../ledger/file-ledger.js';
import type { SupervisorClient } from '../../supervisor/client.js';
import type { ArtifactStore } from '../../tools/artifacts/artifact-store.js';
import type { ImageTools } from '../images/image-tools.js';
import type { LineTail } from '../../tools/logs/line-tail.js';

/** What the steps of the local target reach the world through. */
export interface LocalTools extends ImageTools {
  /** The running supervisor; started when none runs. */
  readonly supervisor: (signal: AbortSignal) => Promise<SupervisorClient>;
  /** The running supervisor, or undefined: for steps that take things away. */
  readonly runningSupervisor: () => Promise<SupervisorClient | undefined>;
  /** Stops it and everything it keeps; false when none runs. */
  readonly stopSupervisor: (signal: AbortSignal) => Promise<boolean>;
  /** Builds of the process runtime. */
  readonly artifacts: Pick<ArtifactStore, 'build'>;
  /** Takes away a build of either runtime that no kept release needs. */
  readonly removeBuild: (key: string, signal: AbortSignal) => Promise<void>;
  /** Has an image in the engine; pulls it when it is not there. */
  readonly pullImage: (
    image: string,
    run: { readonly signal: AbortSignal; readonly log: (line: string) => void },
  ) => Promise<void>;
  readonly ledger: Ledger;
  /** The part of the environment that builds may see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tailOf: (file: string) => LineTail;
  /** The newest log lines of a release, oldest first, each with its replica. */
  readonly releaseLog: (release: string, lines: number) => Promise<readonly string[]>;
  /** One HTTP GET that never throws; redirects are not followed. */
  readonly probe: (url: string, signal: AbortSignal) => Promise<ProbeAnswer>;
  /** Throws the signal's reason when it aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** What the database says its schema is; null without one, or when it does not answer. */
  readonly schemaRevision: (signal: AbortSignal) => Promise<string | null>;
  /** The parts of a secret's rotation; each may be repeated. */
  readonly rotation: {
    readonly promote: (name: string) => void;
    readonly restore: (name: string) => void;
    readonly forget: (name: string) => void;
  };
  /** Removes what the stage keeps on disk; see destroy. */
  readonly removeState: (options: { readonly data: boolean }) => Promise<{ readonly kept: readonly string[] }>;
}

/** What came back from a probe. */
export type ProbeAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly release: string | undefined; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

import type { WorkloadIdentity } from '../identity/workload-identity.js';
import type { AgentNetwork } from '../network/agent-network.js';
import type { PoolerProps } from './pooler-container.js';

/** A version of a secret. */
export interface SecretReference {
  /** Its name within the project. */
  readonly secret: string;
  /** A number, so that another value is another revision; `latest` would change under a revision that runs. */
  readonly version: string;
}

/** A container on Cloud Run: what services, workers and jobs have in common. */
export interface ContainerProps {
  readonly region: string;
  readonly network: AgentNetwork;
  readonly identity: WorkloadIdentity;
  /** By digest. */
  readonly image: string;
  /** Arguments, in place of the command of the image; its entry point stays. @default those of the image */
  readonly command?: readonly string[];
  /** Plain texts, and secrets of which only the name is known here. @default none */
  readonly environment?: Readonly<Record<string, string | SecretReference>>;
  /** @default 1 */
  readonly cpu?: number;
  /** @default 2048 */
  readonly memoryMiB?: number;
  /** Labels of the revision. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A container beside which a pooler may stand. */
export interface PooledContainerProps extends ContainerProps {
  /** PgBouncer beside the container. @default none */
  readonly pooler?: PoolerProps;
}

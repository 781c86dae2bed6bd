import type { AccountTools } from './account/account-tools.js';
import type { BootstrapTools } from './bootstrap/bootstrap-tools.js';
import type { DatabaseTools } from './database/database-tools.js';
import type { IdentityTools } from './identity/identity-tools.js';
import type { JobTools } from './jobs/job-tools.js';
import type { LogTools } from './logs/log-tools.js';
import type { MonitoringTools } from './monitoring/monitoring-tools.js';
import type { RedisTools } from './redis/redis-tools.js';
import type { RegistryTools } from './registry/registry-tools.js';
import type { SecretTools } from './secrets/secret-tools.js';
import type { ServiceTools } from './services/service-tools.js';
import type { StateTools } from './state/state-tools.js';

/**
 * What the target of Google Cloud reaches it through: gcloud, with the login of whoever runs it. Nothing is asked before the
 * first call. Every call throws an AgentctlError: ToolMissing (gcloud is not installed), EnvironmentNotReady (login, permission,
 * API, billing), ToolFailed (what Google says, `retryable` when trying again can help), or the reason of its signal.
 */
export interface GcpTools {
  readonly account: AccountTools;
  readonly state: StateTools;
  readonly secrets: SecretTools;
  readonly registry: RegistryTools;
  readonly services: ServiceTools;
  readonly jobs: JobTools;
  readonly logs: LogTools;
  readonly monitoring: MonitoringTools;
  readonly database: DatabaseTools;
  readonly redis: RedisTools;
  readonly bootstrap: BootstrapTools;
  readonly identity: IdentityTools;
  /** Seconds between two looks at something that is waited for. */
  readonly pollSeconds: number;
}

/** Where and as whom Google Cloud is used. */
export interface GcpToolsOptions {
  /** CLOUDSDK_* and GOOGLE_* (login, endpoints), and AGENTCTL_GCP_POLL_SECONDS. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly project: string;
  readonly region: string;
  /** Where lock, ledger and Terraform's states are. */
  readonly stateBucket: string;
  /** @default - AGENTCTL_GCP_POLL_SECONDS, then 5 */
  readonly pollSeconds?: number | undefined;
  /** Takes every secret value that is read or written, so that it is never shown. @default - none */
  readonly mask?: (values: readonly string[]) => void;
}

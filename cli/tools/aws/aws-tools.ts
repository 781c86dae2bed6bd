import type { AccountTools } from './account/account-tools.js';
import type { BootstrapTools } from './bootstrap/bootstrap-tools.js';
import type { CheckTools } from './checks/check-tools.js';
import type { DatabaseTools } from './database/database-tools.js';
import type { LogTools } from './logs/log-tools.js';
import type { RegistryTools } from './registry/registry-tools.js';
import type { SecretTools } from './secrets/secret-tools.js';
import type { ServiceTools } from './services/service-tools.js';
import type { StackTools } from './stacks/stack-tools.js';
import type { StateTools } from './state/state-tools.js';
import type { TaskTools } from './tasks/task-tools.js';

/**
 * What the AWS target reaches AWS through. Libraries and credentials are loaded by the first call that needs them. Every
 * call throws an AgentctlError: EnvironmentNotReady (credentials, permissions, region, bootstrap), ToolMissing (a package that is
 * not installed), ToolFailed (what AWS said, `retryable` when trying again can help), or the AbortError of
 * its signal.
 */
export interface AwsTools {
  readonly account: AccountTools;
  readonly state: StateTools;
  readonly stacks: StackTools;
  readonly tasks: TaskTools;
  readonly services: ServiceTools;
  readonly logs: LogTools;
  readonly secrets: SecretTools;
  readonly database: DatabaseTools;
  readonly registry: RegistryTools;
  readonly bootstrap: BootstrapTools;
  readonly checks: CheckTools;
  /** Seconds between two looks at something that is waited for. */
  readonly pollSeconds: number;
  /** Closes the connections that are kept open. */
  close(): void;
}

/** Where and as whom AWS is used. */
export interface AwsToolsOptions {
  /** AWS_* (credentials, AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE) and AGENTCTL_AWS_POLL_SECONDS. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @default - AWS_REGION, AWS_DEFAULT_REGION, then the profile's */
  readonly region?: string | undefined;
  /** @default - AWS_PROFILE, then the default chain of credentials */
  readonly profile?: string | undefined;
  /** The account everything must happen in. @default - any */
  readonly accountId?: string | undefined;
  /** @default - AGENTCTL_AWS_POLL_SECONDS, then 5 */
  readonly pollSeconds?: number | undefined;
  /** Types of resources that hold data: replacing or removing one has to be allowed by name. */
  readonly statefulTypes: readonly string[];
  /** Takes every secret value that is read, so that it is never shown. @default - none */
  readonly mask?: (values: readonly string[]) => void;
}

import { openAccount } from './account/open-account.js';
import type { AwsTools, AwsToolsOptions } from './aws-tools.js';
import { openBootstrap } from './bootstrap/open-bootstrap.js';
import { openChecks } from './checks/open-checks.js';
import { awsClients } from './clients/aws-clients.js';
import { openDatabase } from './database/open-database.js';
import { openLogs } from './logs/open-logs.js';
import { openRegistry } from './registry/open-registry.js';
import { openSecrets } from './secrets/open-secrets.js';
import { openServices } from './services/open-services.js';
import { openStacks } from './stacks/open-stacks.js';
import { openState } from './state/open-state.js';
import { openTasks } from './tasks/open-tasks.js';

const defaultPollSeconds = 5;

/** Opens the tools of AWS. Loads and asks nothing before the first call. */
export function openAwsTools(options: AwsToolsOptions): AwsTools {
  const clients = awsClients(options);
  const pollSeconds = options.pollSeconds ?? pollSecondsIn(options.environment);
  const account = openAccount(clients, options);
  const services = openServices(clients, pollSeconds);
  return {
    account,
    pollSeconds,
    state: openState(clients, account),
    stacks: openStacks(clients, services, { pollSeconds, statefulTypes: new Set(options.statefulTypes) }),
    tasks: openTasks(clients, pollSeconds),
    services,
    logs: openLogs(clients, pollSeconds),
    secrets: openSecrets(clients, options),
    database: openDatabase(clients, pollSeconds),
    registry: openRegistry(clients, options),
    bootstrap: openBootstrap(clients, pollSeconds),
    checks: openChecks(clients),
    close: () => clients.close(),
  };
}

/** Pure: what AGENTCTL_AWS_POLL_SECONDS says; the default for anything but a number above zero. */
function pollSecondsIn({ AGENTCTL_AWS_POLL_SECONDS: text }: AwsToolsOptions['environment']): number {
  const seconds = Number(text ?? '');
  return seconds > 0 ? seconds : defaultPollSeconds;
}

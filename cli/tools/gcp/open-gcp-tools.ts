import { openAccount } from './account/open-account.js';
import { openBootstrap } from './bootstrap/open-bootstrap.js';
import { openDatabase } from './database/open-database.js';
import { accessTokens } from './gcloud/access-token.js';
import { apiEndpoint } from './gcloud/api-endpoint.js';
import { openGcloud } from './gcloud/gcloud.js';
import { googleRest } from './gcloud/google-rest.js';
import type { GcpTools, GcpToolsOptions } from './gcp-tools.js';
import { openIdentity } from './identity/open-identity.js';
import { openJobs } from './jobs/open-jobs.js';
import { openLogs } from './logs/open-logs.js';
import { openMonitoring } from './monitoring/open-monitoring.js';
import { openRedis } from './redis/open-redis.js';
import { openRegistry } from './registry/open-registry.js';
import { openSecrets } from './secrets/open-secrets.js';
import { openServices } from './services/open-services.js';
import { workerPoolRest } from './services/worker-pool-rest.js';
import { openState } from './state/open-state.js';
import { storageEndpoint } from './state/storage-endpoint.js';

const defaultPollSeconds = 5;

/** Opens the tools of Google Cloud. Runs and asks nothing before the first call. */
export function openGcpTools(options: GcpToolsOptions): GcpTools {
  const { environment, project, region, stateBucket, mask = () => undefined } = options;
  const scope = { project, region };
  const pollSeconds = options.pollSeconds ?? pollSecondsIn(environment);
  const gcloud = openGcloud({ environment, project });
  const tokens = accessTokens(gcloud, mask);
  const rest = googleRest({ tokens, project });
  const account = openAccount(gcloud, scope);
  return {
    account,
    pollSeconds,
    state: openState({ rest, account, endpoint: storageEndpoint(environment), bucketName: stateBucket }),
    secrets: openSecrets(gcloud, mask),
    registry: openRegistry(gcloud, tokens, scope),
    services: openServices(
      gcloud,
      scope,
      workerPoolRest({ rest, endpoint: apiEndpoint('run', environment), pollSeconds, ...scope }),
    ),
    jobs: openJobs(gcloud, scope, pollSeconds),
    logs: openLogs(gcloud, scope, pollSeconds),
    monitoring: openMonitoring({ rest, endpoint: apiEndpoint('monitoring', environment), project }),
    database: openDatabase(gcloud, pollSeconds, mask),
    redis: openRedis(gcloud, scope, mask),
    bootstrap: openBootstrap(gcloud),
    identity: openIdentity(gcloud),
  };
}

/** Pure: what AGENTCTL_GCP_POLL_SECONDS says; the default for anything but a number above zero. */
function pollSecondsIn({ AGENTCTL_GCP_POLL_SECONDS: text }: GcpToolsOptions['environment']): number {
  const seconds = Number(text ?? '');
  return seconds > 0 ? seconds : defaultPollSeconds;
}

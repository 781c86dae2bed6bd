export { BackupBucket, type BackupBucketProps } from './backup/backup-bucket.js';
export { DatabaseExport, type DatabaseExportProps } from './backup/database-export.js';
export { RedisCache, type RedisCacheProps } from './cache/redis-cache.js';
export { GithubDeployIdentity, type GithubDeployIdentityProps } from './delivery/github-deploy-identity.js';
export { WorkloadIdentity, type WorkloadIdentityProps } from './identity/workload-identity.js';
export { literalText } from './literal-text.js';
export { PublicAddress, type PublicAddressProps } from './load-balancer/public-address.js';
export {
  candidateTag,
  PublicLoadBalancer,
  type PublicLoadBalancerProps,
  type RoutedService,
  type TlsProps,
} from './load-balancer/public-load-balancer.js';
export { type CandidateHeader } from './load-balancer/route-rules.js';
export { SecurityPolicy, type SecurityPolicyProps } from './load-balancer/security-policy.js';
export { AgentNetwork, type AgentNetworkProps, type ExistingNetwork } from './network/agent-network.js';
export { AgentDashboard, type AgentDashboardProps, type DashboardService } from './observability/agent-dashboard.js';
export { AlertChannel, type AlertChannelProps } from './observability/alert-channel.js';
export { CacheAlerts, type CacheAlertsProps } from './observability/cache-alerts.js';
export { DatabaseAlerts, type DatabaseAlertsProps } from './observability/database-alerts.js';
export { LogMetric, type LogMetricProps } from './observability/log-metric.js';
export { MetricAlert, type MetricAlertProps } from './observability/metric-alert.js';
export { SearchAlerts, type SearchAlertsProps } from './observability/search-alerts.js';
export { ServiceAlerts, type ServiceAlertsProps } from './observability/service-alerts.js';
export { UptimeCheck, type UptimeCheckProps } from './observability/uptime-check.js';
export { PostgresInstance, type PostgresInstanceProps } from './postgres/postgres-instance.js';
export { ProjectServices, type ProjectServicesProps } from './project/project-services.js';
export { TaskQueue, type TaskQueueProps } from './queue/task-queue.js';
export { ImageRepository, type ImageRepositoryProps } from './registry/image-repository.js';
export { type SearchSecrets } from './search/node-start.js';
export { OpenSearchCluster, type OpenSearchClusterProps } from './search/open-search-cluster.js';
export { WriteOnlySecret, type WriteOnlySecretProps } from './secrets/write-only-secret.js';
export { ephemeralValue, type EphemeralValueOptions, type WriteOnlyValue } from './secrets/write-only-value.js';
export { CloudRunWebService, type CloudRunWebServiceProps, type HttpProbe } from './service/cloud-run-web-service.js';
export { CloudRunWorker, type CloudRunWorkerProps } from './service/cloud-run-worker.js';
export { type ContainerProps, type PooledContainerProps, type SecretReference } from './service/container-props.js';
export { type PoolerProps } from './service/pooler-container.js';
export { CloudRunJob, type CloudRunJobProps } from './task/cloud-run-job.js';
export { ScheduledJob, type ScheduledJobProps } from './task/scheduled-job.js';
export { type Transform } from './transform.js';

export { BackupBucket, type BackupBucketProps } from './backup/backup-bucket.js';
export { BackupPlan, type BackupPlanProps } from './backup/backup-plan.js';
export {
  dumpCommand,
  type DumpCommandOptions,
  dumpImage,
  dumpKey,
  dumpPasswordVariable,
  dumpPrefix,
} from './backup/dump-command.js';
export { ValkeyCache, type ValkeyCacheProps } from './cache/valkey-cache.js';
export { AgentCluster, type AgentClusterProps } from './cluster/agent-cluster.js';
export { AgentctlBootstrap, type AgentctlBootstrapProps } from './delivery/agentctl-bootstrap.js';
export { GithubDeployRole, type GithubDeployRoleProps } from './delivery/github-deploy-role.js';
export { EncryptionKey, type EncryptionKeyProps } from './encryption/encryption-key.js';
export { PublicLoadBalancer, type PublicLoadBalancerProps } from './load-balancer/public-load-balancer.js';
export { routePriorities } from './load-balancer/route-priorities.js';
export { WebAcl, type WebAclProps } from './load-balancer/web-acl.js';
export { AgentNetwork, type AgentNetworkProps, type ExistingVpc } from './network/agent-network.js';
export { AgentDashboard, type AgentDashboardProps, type DashboardService } from './observability/agent-dashboard.js';
export { type AlarmSetProps } from './observability/alarm-set.js';
export { AlertTopic, type AlertTopicProps } from './observability/alert-topic.js';
export { BackupEvents, type BackupEventsProps } from './observability/backup-events.js';
export { CacheAlarms, type CacheAlarmsProps } from './observability/cache-alarms.js';
export { CertificateAlarms, type CertificateAlarmsProps } from './observability/certificate-alarms.js';
export { DatabaseAlarms, type DatabaseAlarmsProps } from './observability/database-alarms.js';
export { MetricNamespace, type MetricNamespaceProps } from './observability/metric-namespace.js';
export { NetworkAlarms, type NetworkAlarmsProps } from './observability/network-alarms.js';
export {
  type BrokerAlarmSource,
  QueueAlarms,
  type QueueAlarmsProps,
  type SqsAlarmSource,
} from './observability/queue-alarms.js';
export { SearchAlarms, type SearchAlarmsProps } from './observability/search-alarms.js';
export { ServiceAlarms, type ServiceAlarmsProps } from './observability/service-alarms.js';
export { ServiceDownAlarm, type ServiceDownAlarmProps } from './observability/service-down-alarm.js';
export { ServiceEvents, type ServiceEventsProps } from './observability/service-events.js';
export { PgBouncerService, type PgBouncerServiceProps, type PooledDatabase } from './pooler/pgbouncer-service.js';
export { PostgresInstance, type PostgresInstanceProps } from './postgres/postgres-instance.js';
export { type PostgresVersion } from './postgres/postgres-version.js';
export { RabbitMqBroker, type RabbitMqBrokerProps } from './queue/rabbitmq-broker.js';
export { TaskQueue, type TaskQueueProps } from './queue/task-queue.js';
export { ImageRepository, type ImageRepositoryProps } from './registry/image-repository.js';
export {
  OpenSearchDomain,
  type OpenSearchDomainProps,
  type PasswordAccess,
  type RoleAccess,
} from './search/open-search-domain.js';
export { namedSecret, type NamedSecretOptions, secretField } from './secrets/named-secret.js';
export { type ContainerProps } from './service/container-props.js';
export { FargateWebService, type FargateWebServiceProps } from './service/fargate-web-service.js';
export { FargateWorker, type FargateWorkerProps } from './service/fargate-worker.js';
export { type IngressProps, type PathRoute } from './service/listener-rules.js';
export {
  type BlueGreenRollout,
  type CanaryRollout,
  type LinearRollout,
  type RollingRollout,
  type Rollout,
} from './service/rollout/rollout.js';
export {
  brokerBacklog,
  type BrokerQueue,
  publishedBacklog,
  type PublishedMetric,
  sqsBacklog,
} from './service/scaling/backlog.js';
export { scaleOnBacklog, type ScaleOnBacklogOptions } from './service/scaling/scale-on-backlog.js';
export { scaleOnConnections, type ScaleOnConnectionsOptions } from './service/scaling/scale-on-connections.js';
export { scaleOnCpu, type ScaleOnCpuOptions } from './service/scaling/scale-on-cpu.js';
export { scaleOnMemory, type ScaleOnMemoryOptions } from './service/scaling/scale-on-memory.js';
export { scaleOnRequests, type ScaleOnRequestsOptions } from './service/scaling/scale-on-requests.js';
export { scaleOnSchedule, type ScaleOnScheduleOptions } from './service/scaling/scale-on-schedule.js';
export { type ScalingRule, type ScalingSubject } from './service/scaling/scaling-rule.js';
export { type DiscoveryProps, type ServiceProps } from './service/service-props.js';
export { type ReadinessProps } from './service/service-target-group.js';
export { OneOffTask, type OneOffTaskProps } from './task/one-off-task.js';
export { ScheduledTask, type ScheduledTaskProps } from './task/scheduled-task.js';
export { type Transform } from './transform.js';

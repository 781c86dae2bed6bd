import { equivalent, unsupported, type ColumnSupport } from './support.js';

/** What Kubernetes does with each feature. */
export const kubernetesSupport: ColumnSupport = {
  'image.arm64': equivalent('the nodes must be of this architecture'),
  'scale.requests': equivalent('needs KEDA in the cluster; without it CPU and memory decide'),
  'scale.connections': equivalent('needs KEDA in the cluster; without it CPU and memory decide'),
  'scale.queueDepth': equivalent('needs KEDA in the cluster; without it CPU and memory decide'),
  'scale.zero': unsupported('set scale.min to 1'),
  'scale.zeroWorkers': equivalent('needs KEDA in the cluster; without it one replica keeps running'),
  'migrations.snapshot': unsupported('remove it; run "agentctl backup create" before the deploy'),
  postgres: equivalent('a CloudNativePG cluster, when its operator is installed; otherwise use { external: … }'),
  'postgres.extensions': equivalent('must be part of the operator’s Postgres image'),
  'postgres.recovery': equivalent('as far as the operator’s backup store reaches'),
  search: equivalent('OpenSearch as a StatefulSet'),
  cache: equivalent('Redis as a StatefulSet'),
  'cache.highAvailability': unsupported('use { external: … } with a Redis that fails over'),
  'queue.redis': equivalent('Redis as a StatefulSet'),
  'queue.rabbitmq': equivalent('RabbitMQ as a StatefulSet'),
  'queue.managed': unsupported('use engine: redis or rabbitmq, or { external: … }'),
  'queue.highAvailability': unsupported('use { external: … } with a broker that fails over'),
  alarms: equivalent('rules for the Prometheus operator; e-mail is set up in its Alertmanager'),
  metrics: equivalent('shown on the Grafana dashboard when Prometheus collects them'),
};

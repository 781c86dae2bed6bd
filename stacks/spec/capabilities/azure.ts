import { equivalent, unsupported, type ColumnSupport, type Support } from './support.js';

const both: ColumnSupport = {
  'image.arm64': unsupported('remove platform, or use linux/amd64; Azure runs nothing else'),
  search: equivalent('OpenSearch on virtual machines of its own, behind an internal load balancer'),
  'queue.rabbitmq': unsupported('use engine: redis or managed, or { external: … }'),
  prometheus: unsupported('publish metrics under observability.metrics.namespace instead'),
};

/** What Azure with Container Apps does with each feature. */
export const containerAppsSupport: ColumnSupport = {
  ...both,
  'scale.connections': equivalent('the number of requests one replica handles at a time'),
  drain: equivalent('a replica has at most 10m after SIGTERM'),
};

const fixedReplicas: Support = equivalent('the number of replicas is fixed, nothing is measured');

/** What Azure with container groups does with each feature. */
export const containerInstancesSupport: ColumnSupport = {
  ...both,
  'scale.range': unsupported('set scale.max to scale.min, or use clouds.azure.compute: container-apps'),
  'scale.requests': fixedReplicas,
  'scale.connections': fixedReplicas,
  'scale.memory': fixedReplicas,
  'scale.queueDepth': unsupported('remove it, or use clouds.azure.compute: container-apps'),
  'scale.zero': unsupported('set scale.min to 1, or use clouds.azure.compute: container-apps'),
  'scale.zeroWorkers': unsupported('set scale.min to 1, or use clouds.azure.compute: container-apps'),
  drain: equivalent('open requests and streams have up to 1h, a worker is stopped at once'),
  schedules: unsupported('use clouds.azure.compute: container-apps'),
};

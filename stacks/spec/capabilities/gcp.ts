import { equivalent, unsupported, type ColumnSupport } from './support.js';

/** What Google Cloud (Cloud Run, Cloud SQL, Memorystore) does with each feature. */
export const gcpSupport: ColumnSupport = {
  'image.arm64': unsupported('remove platform, or use linux/amd64; Cloud Run runs nothing else'),
  'scale.connections': equivalent('the number of requests one instance handles at a time'),
  'scale.memory': equivalent('instances are added by requests and CPU; Cloud Run does not look at memory'),
  'scale.queueDepth': equivalent('workers are added by CPU; Cloud Run does not look at a queue'),
  'scale.zeroWorkers': unsupported('set scale.min to 1; nothing would start a worker that has no requests'),
  drain: equivalent('open requests and streams have up to 1h, a worker has 10s after SIGTERM'),
  search: equivalent('OpenSearch on Compute Engine machines of its own, behind an internal load balancer'),
  'queue.rabbitmq': unsupported('use engine: redis or managed, or { external: … }'),
  prometheus: unsupported('publish metrics under observability.metrics.namespace instead'),
};

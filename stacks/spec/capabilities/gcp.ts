import { equivalent, unsupported, type ColumnSupport } from './support.js';

/** What Google Cloud (Cloud Run, Cloud SQL, Memorystore) does with each feature. */
export const gcpSupport: ColumnSupport = {
  'image.arm64': unsupported('remove platform, or use linux/amd64; Cloud Run runs nothing else'),
  'service.size': equivalent('rounded up to the next size of Cloud Run'),
  'scale.rangeWorkers': equivalent('a worker pool has a fixed number of instances: scale.min'),
  'scale.requests': equivalent('Cloud Run adds instances by open requests and CPU, not by their rate'),
  'scale.connections': equivalent('the number of requests one instance handles at a time'),
  'scale.memory': equivalent('instances are added by requests and CPU; Cloud Run does not look at memory'),
  'scale.queueDepth': equivalent('a worker pool has a fixed number of instances; Cloud Run does not look at a queue'),
  'scale.zeroWorkers': unsupported('set scale.min to 1; nothing would start a worker that has no requests'),
  drain: equivalent('open requests and streams have up to 1h, a worker has 10s after SIGTERM'),
  'postgres.recovery': equivalent(
    '7 days at most, 35 with a tier db-perf-optimized-N-…; daily backups are kept as long as asked for',
  ),
  'postgres.dumps': equivalent(
    'an export by Cloud SQL to one object, of which the bucket keeps every version for that long',
  ),
  search: equivalent(
    'OpenSearch on Compute Engine machines of its own, behind an internal load balancer; two nodes become three, as two cannot outvote each other',
  ),
  'queue.rabbitmq': unsupported('use engine: redis or managed, or { external: … }'),
  'domain.none': equivalent('plain HTTP at the address of the load balancer: there is no name to certify'),
  prometheus: unsupported('publish metrics under observability.metrics.namespace instead'),
};

import { equivalent, unsupported, type ColumnSupport } from './support.js';

/** What AWS (Fargate, RDS, OpenSearch Service, ElastiCache) does with each feature. */
export const awsSupport: ColumnSupport = {
  'scale.zero': unsupported('set scale.min to 1; a load balancer cannot wake a service without tasks'),
  drain: equivalent('open requests and streams have up to 1h, a worker has at most 120s after SIGTERM'),
  prometheus: unsupported('publish metrics under observability.metrics.namespace instead'),
};

import { equivalent, unsupported, type ColumnSupport } from './support.js';

/** What AWS (Fargate, RDS, OpenSearch Service, ElastiCache) does with each feature. */
export const awsSupport: ColumnSupport = {
  'service.size': equivalent('rounded up to the next size of Fargate'),
  'health.liveness': equivalent(
    'asked from within by curl, wget, python3 or node of the image; one without a shell needs clouds.aws.containers.shell: false and is replaced only when it exits or is not ready',
  ),
  'health.timing': equivalent(
    'the load balancer checks every 5s to 300s, longer than the 2s to 120s that a check may take, and takes a task out after 2 to 10 failures; within the container it is every 5s to 300s, 2s to 60s long, and not before 300s after the start. Other values become the nearest of these',
  ),
  'scale.connections': equivalent(
    'half of the open connections of the load balancer, which counts both of its sides and all services behind it together',
  ),
  'scale.zero': unsupported('set scale.min to 1; a load balancer cannot wake a service without tasks'),
  drain: equivalent(
    'the load balancer lets open requests and streams finish for up to 1h, then a task has at most 120s after SIGTERM; a worker and an internal service have only those 120s',
  ),
  'domain.none': equivalent('plain HTTP at the name of the load balancer: there is no name to certify'),
  prometheus: unsupported('publish metrics under observability.metrics.namespace instead'),
};

import { Duration } from 'aws-cdk-lib/core';

/** Seconds between SIGTERM and SIGKILL that Fargate takes (ContainerDefinition.stopTimeout in the Amazon ECS API). */
const shortestSeconds = 2;
const longestSeconds = 120;

/** Time that a process gets after SIGTERM: as long as it may take to drain, within what Fargate allows. */
export function stopTimeout(drain: Duration): Duration {
  return Duration.seconds(Math.min(longestSeconds, Math.max(shortestSeconds, drain.toSeconds())));
}
